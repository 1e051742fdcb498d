package xiesou.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** Writes an index of one segment; the terms and their positions are given, nothing is analysed here. */
final class Building {
    private static final double BUFFER_MB = 512;

    private Building() {}

    static void build(Path folder, BufferedReader in) throws IOException {
        FieldType words = new FieldType();
        words.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        words.freeze();
        IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer());
        config.setRAMBufferSizeMB(BUFFER_MB);
        try (FSDirectory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, config)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split("\t", -1);
                Document document = new Document();
                document.add(new StoredField("id", fields[0]));
                document.add(new StoredField("text", Base64.getDecoder().decode(fields[1])));
                document.add(new Field("words", new GivenTerms(fields[2], fields[3]), words));
                addValue(document, "city", fields[4]);
                addValue(document, "year", fields[5]);
                writer.addDocument(document);
            }
            writer.forceMerge(1);
            writer.commit();
        }
    }

    private static void addValue(Document document, String name, String value) {
        document.add(new StringField(name, value, Field.Store.NO));
        document.add(new SortedDocValuesField(name, new BytesRef(value)));
    }

    /** Terms at the positions that were given, which ascend; several may stand at one. */
    private static final class GivenTerms extends TokenStream {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
        private final PositionIncrementAttribute step = addAttribute(PositionIncrementAttribute.class);
        private final String[] terms;
        private final String[] positions;
        private int next;
        private int last;

        GivenTerms(String terms, String positions) {
            this.terms = split(terms);
            this.positions = split(positions);
        }

        @Override
        public boolean incrementToken() {
            if (next == terms.length) {
                return false;
            }
            clearAttributes();
            int position = Integer.parseInt(positions[next]);
            term.append(terms[next]);
            step.setPositionIncrement(position - last);
            last = position;
            next++;
            return true;
        }

        @Override
        public void reset() {
            next = 0;
            last = -1;
        }
    }

    static String[] split(String joined) {
        return joined.isEmpty() ? new String[0] : joined.split(" ");
    }
}
