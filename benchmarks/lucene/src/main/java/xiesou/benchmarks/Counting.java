package xiesou.benchmarks;

import java.io.IOException;
import java.util.Collection;
import java.util.PriorityQueue;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.util.BytesRef;

/**
 * Counts by city and by year, each without the choice in its own field, the total under both choices, and the best of
 * that total where any are wanted. The index has one segment, so ordinals are those of the collection.
 */
final class Counting implements CollectorManager<Counting.One, Counting.Result> {
    private static final int ALL = -1;
    private static final int NONE = -2;

    private final DirectoryReader reader;
    private final Narrowing narrowing;
    private final int wanted;

    /** Counts by ordinal; the best ones first. */
    record Result(int total, int[] cities, int[] years, ScoreDoc[] best) {}

    Counting(DirectoryReader reader, Narrowing narrowing, int wanted) {
        this.reader = reader;
        this.narrowing = narrowing;
        this.wanted = wanted;
    }

    static SortedDocValues values(DirectoryReader reader, String field) throws IOException {
        if (reader.leaves().size() != 1) {
            throw new IllegalStateException("an index of one segment is expected");
        }
        return DocValues.getSorted(reader.leaves().get(0).reader(), field);
    }

    @Override
    public One newCollector() throws IOException {
        SortedDocValues cities = values(reader, "city");
        SortedDocValues years = values(reader, "year");
        return new One(cities, years, place(cities, narrowing.city()), place(years, narrowing.year()), wanted);
    }

    /** The ordinal that is chosen, ALL or NONE. */
    private static int place(SortedDocValues values, String chosen) throws IOException {
        if (chosen.isEmpty()) {
            return ALL;
        }
        int place = values.lookupTerm(new BytesRef(chosen));
        return place < 0 ? NONE : place;
    }

    @Override
    public Result reduce(Collection<One> collectors) {
        if (collectors.size() != 1) {
            throw new IllegalStateException("one thread is expected");
        }
        return collectors.iterator().next().result();
    }

    static final class One implements Collector, LeafCollector {
        private final SortedDocValues cities;
        private final SortedDocValues years;
        private final int city;
        private final int year;
        private final int[] ofCities;
        private final int[] ofYears;
        private final PriorityQueue<ScoreDoc> best;
        private final int wanted;
        private int total;
        private int base;
        private Scorable scorer;

        One(SortedDocValues cities, SortedDocValues years, int city, int year, int wanted) {
            this.cities = cities;
            this.years = years;
            this.city = city;
            this.year = year;
            this.wanted = wanted;
            ofCities = new int[cities.getValueCount()];
            ofYears = new int[years.getValueCount()];
            best = new PriorityQueue<>(wanted + 1, One::compare);
        }

        /** The lesser score first, of equal ones the later document. */
        private static int compare(ScoreDoc one, ScoreDoc other) {
            int byScore = Float.compare(one.score, other.score);
            return byScore != 0 ? byScore : Integer.compare(other.doc, one.doc);
        }

        @Override
        public LeafCollector getLeafCollector(LeafReaderContext context) {
            base = context.docBase;
            return this;
        }

        @Override
        public ScoreMode scoreMode() {
            return wanted == 0 ? ScoreMode.COMPLETE_NO_SCORES : ScoreMode.COMPLETE;
        }

        @Override
        public void setScorer(Scorable scorer) {
            this.scorer = scorer;
        }

        @Override
        public void collect(int document) throws IOException {
            cities.advanceExact(document);
            years.advanceExact(document);
            int ofCity = cities.ordValue();
            int ofYear = years.ordValue();
            boolean inCity = city == ALL || city == ofCity;
            boolean inYear = year == ALL || year == ofYear;
            if (inYear) {
                ofCities[ofCity]++;
            }
            if (inCity) {
                ofYears[ofYear]++;
            }
            if (inCity && inYear) {
                total++;
                if (wanted > 0) {
                    keep(base + document, scorer.score());
                }
            }
        }

        private void keep(int document, float score) {
            if (best.size() == wanted) {
                if (score <= best.element().score) {
                    return;
                }
                best.remove();
            }
            best.add(new ScoreDoc(document, score));
        }

        Result result() {
            ScoreDoc[] hits = new ScoreDoc[best.size()];
            for (int at = hits.length - 1; at >= 0; at--) {
                hits[at] = best.remove();
            }
            return new Result(total, ofCities, ofYears, hits);
        }
    }
}
