package xiesou.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.BytesRef;

/** One page, read whole: what is found, with the texts of the best and the names of what was counted. */
record Pages(int total, List<String> ids, List<byte[]> texts, Map<String, Integer> cities, Map<String, Integer> years) {

    static Pages read(
            Counting.Result counted, ScoreDoc[] best, StoredFields stored, SortedDocValues cities, SortedDocValues years)
            throws IOException {
        List<String> ids = new ArrayList<>();
        List<byte[]> texts = new ArrayList<>();
        for (ScoreDoc hit : best) {
            Document document = stored.document(hit.doc);
            ids.add(document.get("id"));
            BytesRef text = document.getBinaryValue("text");
            texts.add(BytesRef.deepCopyOf(text).bytes);
        }
        return new Pages(counted.total(), ids, texts, named(counted.cities(), cities), named(counted.years(), years));
    }

    private static Map<String, Integer> named(int[] counts, SortedDocValues values) throws IOException {
        Map<String, Integer> named = new TreeMap<>();
        for (int place = 0; place < counts.length; place++) {
            if (counts[place] > 0) {
                named.put(values.lookupOrd(place).utf8ToString(), counts[place]);
            }
        }
        return named;
    }

    /** Total, ids, texts, cities and years between tabs; lists between blanks, counts as name=count. */
    String write() {
        StringJoiner joined = new StringJoiner(" ");
        texts.forEach(text -> joined.add(Base64.getEncoder().encodeToString(text)));
        return String.join("\t", Integer.toString(total), String.join(" ", ids), joined.toString(), write(cities), write(years));
    }

    private static String write(Map<String, Integer> counts) {
        StringJoiner joined = new StringJoiner(" ");
        counts.forEach((name, count) -> joined.add(
                Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8)) + ":" + count));
        return joined.toString();
    }

    static String writeIds(StoredFields stored, ScoreDoc[] hits) throws IOException {
        StringJoiner joined = new StringJoiner(" ");
        for (ScoreDoc hit : hits) {
            joined.add(stored.document(hit.doc).get("id"));
        }
        return joined.toString();
    }
}
