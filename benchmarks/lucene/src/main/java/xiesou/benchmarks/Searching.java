package xiesou.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LRUQueryCache;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryCachingPolicy;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;

/**
 * A page in the quickest of three ways: one pass that scores and counts everything; the best ten by upper bounds and
 * then a pass that counts; the same with the filters' matches kept. Each way is timed, and the least is told;
 * all must give the same page.
 */
final class Searching implements AutoCloseable {
    private static final int HITS = 10;
    private static final int CACHED = 1000;
    private static final long CACHE_BYTES = 256L << 20;

    private final DirectoryReader reader;
    private final IndexSearcher plain;
    private final IndexSearcher caching;

    Searching(Path folder) throws IOException {
        reader = DirectoryReader.open(FSDirectory.open(folder));
        plain = new IndexSearcher(reader);
        plain.setQueryCache(null);
        caching = new IndexSearcher(reader);
        caching.setQueryCache(new LRUQueryCache(CACHED, CACHE_BYTES, context -> true, 1));
        caching.setQueryCachingPolicy(new FiltersOnly());
    }

    /** The answer to a question, as a line. */
    String answer(String[] asked) throws IOException {
        Query words = read(asked[1], asked[2]);
        Narrowing narrowing = new Narrowing(asked[3], asked[4]);
        if (asked[0].equals("ids")) {
            int all = Math.max(reader.maxDoc(), 1);
            ScoreDoc[] hits = plain.search(narrowing.both(words), new TopScoreDocCollectorManager(all, all)).scoreDocs;
            return Pages.writeIds(reader.storedFields(), hits);
        }
        List<Way> ways = new ArrayList<>(List.of(() -> inOnePass(words, narrowing), () -> inTwoPasses(words, narrowing)));
        if (narrowing.isAny()) {
            ways.add(() -> withKeptFilters(words, narrowing));
        }
        long least = Long.MAX_VALUE;
        String page = null;
        for (Way way : ways) {
            long begun = System.nanoTime();
            Pages found = way.page();
            long taken = System.nanoTime() - begun;
            String written = found.write();
            if (page != null && !page.equals(written)) {
                throw new IllegalStateException("two ways give two pages: " + page + " and " + written);
            }
            page = written;
            least = Math.min(least, taken);
        }
        return least + "\t" + page;
    }

    private interface Way {
        Pages page() throws IOException;
    }

    private static Query read(String terms, String positions) {
        String[] all = Building.split(terms);
        String[] places = Building.split(positions);
        if (all.length == 1) {
            return new TermQuery(new Term("words", all[0]));
        }
        if (places.length > 0) {
            PhraseQuery.Builder phrase = new PhraseQuery.Builder();
            for (int at = 0; at < all.length; at++) {
                phrase.add(new Term("words", all[at]), Integer.parseInt(places[at]));
            }
            return phrase.build();
        }
        BooleanQuery.Builder every = new BooleanQuery.Builder();
        for (String term : all) {
            every.add(new TermQuery(new Term("words", term)), Occur.MUST);
        }
        return every.build();
    }

    private Pages inOnePass(Query words, Narrowing narrowing) throws IOException {
        Counting.Result counted = plain.search(words, new Counting(reader, narrowing, HITS));
        return page(counted, counted.best());
    }

    private Pages inTwoPasses(Query words, Narrowing narrowing) throws IOException {
        ScoreDoc[] best = best(plain, narrowing.both(words));
        return page(plain.search(words, new Counting(reader, narrowing, 0)), best);
    }

    private Pages withKeptFilters(Query words, Narrowing narrowing) throws IOException {
        ScoreDoc[] best = best(caching, narrowing.both(words));
        Counting.Result cities = caching.search(narrowing.byYear(words), new Counting(reader, Narrowing.NONE, 0));
        Counting.Result years = caching.search(narrowing.byCity(words), new Counting(reader, Narrowing.NONE, 0));
        int total = caching.count(narrowing.both(words));
        return page(new Counting.Result(total, cities.cities(), years.years(), new ScoreDoc[0]), best);
    }

    private ScoreDoc[] best(IndexSearcher searcher, Query query) throws IOException {
        return searcher.search(query, new TopScoreDocCollectorManager(HITS, 1)).scoreDocs;
    }

    private Pages page(Counting.Result counted, ScoreDoc[] best) throws IOException {
        StoredFields stored = reader.storedFields();
        return Pages.read(counted, best, stored, Counting.values(reader, "city"), Counting.values(reader, "year"));
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Keeps what filters match, from the first time on; words are never kept. */
    private static final class FiltersOnly implements QueryCachingPolicy {
        @Override
        public void onUse(Query query) {}

        @Override
        public boolean shouldCache(Query query) {
            return query instanceof TermQuery term && !term.getTerm().field().equals("words");
        }
    }
}
