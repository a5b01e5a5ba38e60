import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the test classes that its arguments name; prints a line for every test, and ends with 1 if one failed; with `-Dfirst=true` at once. */
public final class Launch {
    public static void main(String[] names) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(names).map(name -> selectClass(name)).collect(Collectors.toList())).build();
        boolean[] failed = new boolean[1];
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            private long since = System.nanoTime();

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                boolean fine = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                if (fine && !test.isTest()) return;
                failed[0] |= !fine;
                String why = result.getThrowable().map(t -> " " + t.toString().replace('\n', ' ')).orElse("");
                long millis = (System.nanoTime() - since) / 1_000_000;
                since = System.nanoTime();
                String name = test.getUniqueId().replaceAll(".*\\[class:", "").replace("]", "");
                System.out.println((fine ? "ok " : "FAILED ") + name + " " + millis + " ms" + why);
                System.out.flush();
                if (!fine && Boolean.getBoolean("first")) Runtime.getRuntime().halt(1);
            }
        });
        System.out.flush();
        Runtime.getRuntime().halt(failed[0] ? 1 : 0); // daemon threads of the runtime and processes of its parts have nothing left to do
    }
}
