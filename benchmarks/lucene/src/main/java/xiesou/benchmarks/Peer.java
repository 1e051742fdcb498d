package xiesou.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Lucene behind lines of text: one process that stays.
 *
 * <pre>
 * build FOLDER    a line a paragraph: id, text, terms, positions, city, year; says "built" at the end
 * search FOLDER   a line a question: "page" or "ids", terms, positions ("" for words in any order), city, year;
 *                 a line of answer to each, see Pages.write
 * </pre>
 *
 * Fields stand between tabs; terms and positions between blanks; texts are Base64.
 */
public final class Peer {
    private Peer() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Path.of(arguments[1]);
        if (arguments[0].equals("build")) {
            Building.build(folder, in);
            out.println("built");
            return;
        }
        try (Searching searching = new Searching(folder)) {
            out.println("open");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(searching.answer(line.split("\t", -1)));
            }
        }
    }
}
