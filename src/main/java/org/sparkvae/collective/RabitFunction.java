package org.sparkvae.collective;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import org.sparkvae.exception.TransientException;

/**
 * A native function of XGBoost's Rabit. XGBoost's public class cannot be used: its all-reduce
 * ignores errors, and its tracker cannot order workers by their index.
 */
final class RabitFunction {
  static final RabitFunction TRACKER_CREATE =
      new RabitFunction(
          "TrackerCreate", String.class, int.class, int.class, int.class, long.class, long[].class);
  static final RabitFunction TRACKER_RUN = new RabitFunction("TrackerRun", long.class);
  static final RabitFunction TRACKER_WORKER_ARGUMENTS =
      new RabitFunction("TrackerWorkerArgs", long.class, long.class, String[].class);
  static final RabitFunction TRACKER_FREE = new RabitFunction("TrackerFree", long.class);
  static final RabitFunction COMMUNICATOR_INIT =
      new RabitFunction("CommunicatorInit", String.class);
  static final RabitFunction COMMUNICATOR_ALLREDUCE =
      new RabitFunction("CommunicatorAllreduce", ByteBuffer.class, int.class, int.class, int.class);
  static final RabitFunction COMMUNICATOR_FINALIZE = new RabitFunction("CommunicatorFinalize");

  private static final String LIBRARY = "ml.dmlc.xgboost4j.java.XGBoostJNI";

  private final String name;
  private final MethodType type;

  private RabitFunction(String name, Class<?>... parameters) {
    this.name = name;
    this.type = MethodType.methodType(int.class, parameters);
  }

  /**
   * Calls the function on the current thread. A communicator belongs to the thread that created it.
   *
   * @throws TransientException if the function reports an error, for example because another worker
   *     ended or did not answer in time
   */
  void call(Object... arguments) {
    int status;
    try {
      status = (int) find(name, type).invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (status != 0) {
      throw new TransientException(
          "the connection to another worker failed (%s)".formatted(lastError()));
    }
  }

  private static String lastError() {
    try {
      return (String)
          find("XGBGetLastError", MethodType.methodType(String.class)).invokeWithArguments();
    } catch (Throwable e) {
      return e.toString();
    }
  }

  private static MethodHandle find(String name, MethodType type)
      throws ReflectiveOperationException {
    Class<?> library = Class.forName(LIBRARY);
    return MethodHandles.privateLookupIn(library, MethodHandles.lookup())
        .findStatic(library, name, type);
  }
}
