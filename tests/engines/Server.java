import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node from jars on a class path: Server PORT HOME. HOME/config holds log4j2.properties, the data go to HOME/data.
 *
 * The node is made as the server's own launcher makes it, without that launcher: no check of who runs it or of kernel settings, no
 * plugins from folders. For tests on loopback.
 */
public final class Server {

    /** A node whose modules are named instead of found in a folder. */
    private static final class OneNode extends Node {
        OneNode(Environment environment, Collection<Class<? extends Plugin>> modules) {
            super(environment, modules, true);
        }
    }

    public static void main(String[] arguments) {
        try {
            run(arguments[0], Path.of(arguments[1]).toAbsolutePath());
        } catch (Throwable error) {
            error.printStackTrace();
            Runtime.getRuntime().halt(1); // threads of the half-made node would keep the process
        }
    }

    private static void run(String port, Path home) throws Exception {
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("path.logs", home.resolve("logs").toString())
            .put("cluster.name", "clinicdex-tests-" + port)
            .put("node.name", "node-" + port)
            .put("network.host", "127.0.0.1")
            .put("http.port", port)
            .put("transport.port", "0") // any free one
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", "false") // a full disk makes indexes read-only
            .put("action.auto_create_index", "false") // as a careful operator sets it
            .build();
        Supplier<String> name = () -> "node-" + port;
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings, Collections.emptyMap(), home.resolve("config"), name);
        LogConfigurator.registerErrorListener();
        LogConfigurator.setNodeName(name.get());
        LogConfigurator.configure(environment);
        Node node = new OneNode(environment, List.of(Netty4Plugin.class, CommonAnalysisPlugin.class));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(20, TimeUnit.SECONDS);
            } catch (Exception error) {
                error.printStackTrace();
            } finally {
                ended.countDown();
            }
        }));
        node.start();
        ended.await();
    }
}
