package org.sparkvae.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.sparkvae.cleanup.ProcessTempDirectory;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;
import org.sparkvae.gpu.HostGpus;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.cpu.KernelThreadPool;

/**
 * The Spark plugin of this project.
 *
 * <p>It lets tasks send messages to the driver while they run, for example about their progress. It
 * also prepares each process before its first task. It selects nd4j's native library, sets the
 * number of threads, and binds an executor to the GPU that Spark assigned.
 */
public final class SparkVaePlugin implements SparkPlugin {
  /** The key with which the driver informs the executors whether its build includes CUDA. */
  private static final String HAS_CUDA = "cuda";

  private static volatile PluginContext executor;
  private static volatile Consumer<Object> listener = message -> {};

  /** Sends a message from a task to the driver. Messages of one executor arrive in order. */
  public static void send(Serializable message) {
    try {
      executor().send(message);
    } catch (Exception e) {
      throw new IllegalStateException("The executor cannot send a message to the driver.", e);
    }
  }

  /**
   * Sends a message from a task to the driver and returns the driver's answer.
   *
   * @throws TransientException if the driver cannot be reached
   */
  static Object ask(Serializable message) {
    return ask(executor(), message);
  }

  private static Object ask(PluginContext context, Serializable message) {
    try {
      return context.ask(message);
    } catch (IOException | TimeoutException e) {
      throw new TransientException(
          "%s: cannot reach the driver (%s).".formatted(host(), ErrorText.typeAndFirstLine(e)), e);
    } catch (Exception e) {
      throw new IllegalStateException("The driver did not answer.", e);
    }
  }

  /** Returns the host of this process. In an executor, Spark's {@link PluginContext} has none. */
  private static String host() {
    return SparkEnv.get().blockManager().blockManagerId().host();
  }

  private static PluginContext executor() {
    PluginContext context = executor;
    if (context == null) {
      throw new IllegalStateException(
          "spark.plugins: the plugin is not loaded. Set spark.plugins=%s when Spark starts."
              .formatted(SparkVaePlugin.class.getName()));
    }
    return context;
  }

  /** Runs an action on the driver while a listener receives the messages of tasks. */
  public static void runWithListener(Runnable action, Consumer<Object> messageListener) {
    listener = messageListener;
    try {
      action.run();
    } finally {
      listener = message -> {};
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      private final TaskAllGather allGather = new TaskAllGather();
      private SparkContext spark;

      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        spark = context;
        ExecutorStartupStatus.reset();
        SparkSessions.selectBackend(context.getConf());
        KernelThreadPool.setThreadCount(SparkCores.ofDriver(context.getConf()));
        return Map.of(HAS_CUDA, Boolean.toString(NativeBackend.hasCuda()));
      }

      @Override
      public void registerMetrics(String applicationId, PluginContext plugin) {
        TrainingGauges.register(plugin.metricRegistry());
      }

      @Override
      public Object receive(Object message) {
        if (message instanceof ExecutorStartupStatus.StartupMessage startup) {
          ExecutorStartupStatus.handle(startup, spark);
        } else if (message instanceof ExecutorStartupStatus.WrongResultsMessage wrong) {
          ExecutorStartupStatus.handle(wrong, spark);
        } else if (message instanceof TaskAllGather.TextMessage text) {
          return allGather.receive(text);
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
        if (context.executorID().equals(ExecutorGroup.DRIVER)) {
          NativeBackend.select();
        } else {
          startExecutor(context, Boolean.parseBoolean(configuration.get(HAS_CUDA)));
        }
        KernelThreadPool.setThreadCount(SparkCores.ofThisProcess(context.conf()));
        executor = context;
      }

      @Override
      public void shutdown() {
        executor = null;
      }
    };
  }

  /** Prepares an executor, and reports to the driver whether it can start. */
  private static void startExecutor(PluginContext context, boolean driverHasCuda) {
    try {
      ProcessTempDirectory.install();
      NativeBackend.select();
      requireSameBuild(context, driverHasCuda);
      AssignedGpu.bind(
          context.executorID(),
          context.resources(),
          NativeBackend.hasCuda(),
          AssignedGpu::useOnly,
          HostGpus::ofThisHost);
    } catch (RuntimeException | LinkageError e) {
      // A failed executor exits, so the driver must have the message first.
      ask(context, new ExecutorStartupStatus.StartupMessage(startFailure(context, e)));
      throw e;
    }
    ask(context, new ExecutorStartupStatus.StartupMessage(null));
  }

  /** The executors of a GPU build load the jars of their own host. */
  private static void requireSameBuild(PluginContext context, boolean driverHasCuda) {
    if (NativeBackend.hasCuda() != driverHasCuda) {
      throw new IllegalStateException(
          "executor %s on %s has a %s build, but the driver has a %s build. Build with the same profile on all hosts."
              .formatted(
                  context.executorID(),
                  host(),
                  driverHasCuda ? "CPU" : "GPU",
                  driverHasCuda ? "GPU" : "CPU"));
    }
  }

  private static String startFailure(PluginContext context, Throwable thrown) {
    return thrown instanceof IllegalStateException
        ? thrown.getMessage()
        : "executor %s on %s cannot start (%s). Check that this directory is complete on its host."
            .formatted(
                context.executorID(),
                host(),
                ErrorText.firstLine(ExceptionUtils.getRootCause(thrown).toString()));
  }
}
