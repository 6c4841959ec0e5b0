package org.sparkvae.doctor;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.sparkvae.gpu.HostGpus;
import org.sparkvae.gpu.HostGpus.Problem;
import org.sparkvae.model.CudaEnvironment;
import org.sparkvae.model.NativeBackend;

/**
 * The GPUs that Spark assigned to a process, and those on its host.
 *
 * @param isCudaBuild whether nd4j computes on a GPU in this process
 * @param assigned the GPU addresses that Spark assigned to the task, or the card that a local job
 *     uses: indices or UUIDs
 */
record GpuAssignment(boolean isCudaBuild, List<String> assigned, HostGpus host)
    implements Serializable {
  static GpuAssignment ofThisProcess() {
    TaskContext task = TaskContext.get();
    boolean hasGpus = task != null && task.resourcesJMap().containsKey("gpu");
    List<String> local =
        NativeBackend.computesOnGpu() ? List.of(CudaEnvironment.device()) : List.of();
    List<String> assigned = hasGpus ? List.of(task.resourcesJMap().get("gpu").addresses()) : local;
    return new GpuAssignment(NativeBackend.computesOnGpu(), assigned, HostGpus.ofThisHost());
  }

  static Finding check(String process, GpuAssignment gpus) {
    Check check = new Check(process, "GPU");
    String visible = HostGpus.describe(gpus.host.visible());
    if (!gpus.isCudaBuild && gpus.assigned.isEmpty()) {
      return check.ok(visible.isEmpty() ? "none, none needed" : visible + ", not used");
    }
    String assigned =
        gpus.assigned.isEmpty() ? "" : "assigned: " + String.join(", ", gpus.assigned) + "; ";
    if (!gpus.isCudaBuild && visible.isEmpty()) {
      return check.wrongSetting(
          assigned + "visible: none",
          "Correct the GPU discovery script, or remove spark.executor.resource.gpu.amount.");
    }
    Optional<Problem> problem = gpus.host.problem(gpus.assigned);
    if (problem.isPresent()) {
      return check.wrongSetting(assigned + problem.get().fault(), problem.get().advice());
    }
    return gpus.isCudaBuild
        ? check.ok(assigned + "visible: " + visible)
        : check.warning(
            assigned + "this build computes on the CPU",
            "Build with mvn -Pgpu package, or assign no GPU.");
  }
}
