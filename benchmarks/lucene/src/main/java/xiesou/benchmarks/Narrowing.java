package xiesou.benchmarks;

import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** The city and the year that a question is narrowed to; "" where it isn't. */
record Narrowing(String city, String year) {
    static final Narrowing NONE = new Narrowing("", "");

    boolean isAny() {
        return !city.isEmpty() || !year.isEmpty();
    }

    Query both(Query words) {
        return narrowed(words, city, year);
    }

    Query byCity(Query words) {
        return narrowed(words, city, "");
    }

    Query byYear(Query words) {
        return narrowed(words, "", year);
    }

    private static Query narrowed(Query words, String city, String year) {
        if (city.isEmpty() && year.isEmpty()) {
            return words;
        }
        BooleanQuery.Builder all = new BooleanQuery.Builder().add(words, Occur.MUST);
        if (!city.isEmpty()) {
            all.add(new TermQuery(new Term("city", city)), Occur.FILTER);
        }
        if (!year.isEmpty()) {
            all.add(new TermQuery(new Term("year", year)), Occur.FILTER);
        }
        return all.build();
    }
}
