package org.sparkvae.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.sparkvae.cleanup.ProcessTempDirectory;
import org.sparkvae.exception.ErrorText;
import org.sparkvae.exception.TransientException;
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
          "%s: cannot reach the driver (%s)."
              .formatted(context.hostname(), ErrorText.typeAndFirstLine(e)),
          e);
    } catch (Exception e) {
      throw new IllegalStateException("The driver did not answer.", e);
    }
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
        return Map.of();
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
        boolean isSeparateProcess = !context.executorID().equals(ExecutorGroup.DRIVER);
        if (isSeparateProcess) {
          ProcessTempDirectory.install();
        }
        NativeBackend.select();
        if (isSeparateProcess) {
          bindGpu(context);
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

  private static void bindGpu(PluginContext context) {
    try {
      AssignedGpu.bind(
          context.executorID(), context.resources(), NativeBackend.hasCuda(), AssignedGpu::useOnly);
    } catch (IllegalStateException e) {
      // A failed executor exits, so the driver must have the message first.
      ask(context, new ExecutorStartupStatus.StartupMessage(e.getMessage()));
      throw e;
    }
    ask(context, new ExecutorStartupStatus.StartupMessage(null));
  }
}
