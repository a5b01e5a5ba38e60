import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Scanner;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** For each folder on standard input: compiles its sources, runs shop.Main in a class loader of its own, answers one line. */
public class Runner {
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            Path folder = Path.of(lines.nextLine());
            Path classes = Files.createDirectories(folder.resolve("classes"));
            List<File> sources = Files.walk(folder).filter(p -> p.toString().endsWith(".java")).sorted().map(Path::toFile).toList();
            StringWriter said = new StringWriter();
            List<String> options = List.of("-nowarn", "-proc:none", "-d", classes.toString());
            boolean ok = javac.getTask(said, files, null, options, null, files.getJavaFileObjectsFromFiles(sources)).call();
            answers.println((ok ? "ran " : "bad ") + encoded(ok ? run(classes) : said.toString()));
            answers.flush();
        }
    }

    private static String run(Path classes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            loader.setDefaultAssertionStatus(true);
            Class<?> main = Class.forName("shop.Main", true, loader);
            java.lang.reflect.Method start = main.getDeclaredMethod("main", String[].class);
            start.setAccessible(true);
            try {
                start.invoke(null, (Object) new String[0]);
            } catch (java.lang.reflect.InvocationTargetException e) {
                System.out.println("Exception in main " + e.getCause());
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
