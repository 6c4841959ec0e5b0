package org.sparkvae.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.sparkvae.cleanup.ProcessTempDirectory;
import org.sparkvae.exception.TransientException;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.cpu.KernelThreadPool;

/**
 * A Spark plugin through which tasks tell the driver how far they are, at once rather than at a
 * task's end. It also has each process pick its native backend before a task can load one, and
 * settle its threads, and binds it to the GPU that Spark assigned.
 */
public final class SparkVaePlugin implements SparkPlugin {
  /** What Spark calls the executor of local mode. */
  private static final String DRIVER = "driver";

  private static volatile PluginContext executor;
  private static volatile Consumer<Object> listener = message -> {};

  /** Tells the driver, from a task; messages of one executor arrive in order. */
  public static void send(Serializable message) {
    PluginContext context = executor;
    if (context == null) {
      throw new IllegalStateException(
          "set spark.plugins=" + SparkVaePlugin.class.getName() + " when starting Spark");
    }
    try {
      context.send(message);
    } catch (Exception e) {
      throw new IllegalStateException("cannot reach the driver", e);
    }
  }

  /** Hears, on the driver, what tasks tell while some work is done. */
  public static void listenDuring(Runnable work, Consumer<Object> hearing) {
    listener = hearing;
    try {
      work.run();
    } finally {
      listener = message -> {};
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      private SparkContext spark;

      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        spark = context;
        ExecutorStartupStatus.begin();
        SparkSessions.chooseBackend(context.getConf());
        KernelThreadPool.use(SparkCores.ofDriver(context.getConf()));
        return Map.of();
      }

      @Override
      public void registerMetrics(String applicationId, PluginContext plugin) {
        TrainingGauges.register(plugin.metricRegistry());
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof ExecutorStartupStatus.Word word) {
          ExecutorStartupStatus.hear(word, spark);
        } else {
          listener.accept(message);
        }
        return null;
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> configuration) {
        boolean isAlone = !context.executorID().equals(DRIVER);
        if (isAlone) {
          ProcessTempDirectory.enter();
        }
        NativeBackend.choose();
        if (isAlone) {
          bindGpu(context);
        }
        KernelThreadPool.use(SparkCores.ofThisProcess(context.conf()));
        executor = context;
      }

      @Override
      public void shutdown() {
        executor = null;
      }
    };
  }

  private static void bindGpu(PluginContext context) {
    try {
      AssignedGpu.bind(
          context.executorID(),
          context.resources(),
          NativeBackend.hasCuda(),
          AssignedGpu::useAlone);
      tell(context, null);
    } catch (IllegalStateException e) {
      tell(context, e.getMessage());
      throw e;
    }
  }

  /** And waits until it was heard: a process that is unfit ends next. */
  private static void tell(PluginContext context, String unfit) {
    try {
      context.ask(new ExecutorStartupStatus.Word(unfit));
    } catch (Exception e) {
      throw new TransientException("%s: cannot reach the driver".formatted(context.hostname()), e);
    }
  }
}
