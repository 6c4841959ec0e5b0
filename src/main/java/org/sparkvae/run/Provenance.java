package org.sparkvae.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.sql.SparkSession;
import org.nd4j.linalg.factory.Nd4j;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.exception.InputDataException;
import org.sparkvae.mnist.IdxSet;
import org.sparkvae.model.LibraryVersion;
import org.sparkvae.model.NativeBackend;
import org.sparkvae.model.OpenBlasKernels;
import org.sparkvae.spark.ExecutorGroup;
import org.sparkvae.storage.Storage;

/** A run's {@code provenance.json}: versions, git commit, data, machine and command line. */
public final class Provenance {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERSION = "spark_vae";
  private static final String COMMIT = "git_commit";

  /** The number of digits of a commit in messages. */
  private static final int COMMIT_LENGTH = 10;

  private Provenance() {}

  /**
   * Requires that a run uses the data that it was started with.
   *
   * @throws ConfigurationException if the data differs
   */
  static void requireSameData(Run run, IdxSet set) {
    if (!run.directory().exists(Run.PROVENANCE)) {
      return;
    }
    JsonNode data = read(run).path("data");
    if (!data.path("checksum").asText().equals(set.checksum())) {
      throw new ConfigurationException(
          "--data: run '%s' was started with %s, found %s. Use the same --data, or another --run-id."
              .formatted(run.id(), data.path("name").asText("other data"), set.name()));
    }
  }

  /**
   * Reads the file.
   *
   * @throws InputDataException if the file is damaged
   */
  static ObjectNode read(Run run) {
    try {
      if (JSON.readTree(run.directory().readText(Run.PROVENANCE))
          instanceof ObjectNode provenance) {
        return provenance;
      }
    } catch (JsonProcessingException e) {
      throw damaged(run, e);
    }
    throw damaged(run, null);
  }

  private static InputDataException damaged(Run run, Throwable cause) {
    return new InputDataException(
        "%s is damaged. Restore it from a copy, or start another run."
            .formatted(run.directory().path(Run.PROVENANCE)),
        cause);
  }

  /**
   * Writes the file unless it exists.
   *
   * @param table path of the images as Parquet
   * @param command the command line
   */
  static void write(Run run, SparkSession spark, IdxSet set, String table, String command) {
    if (run.directory().exists(Run.PROVENANCE)) {
      return;
    }
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("run_id", run.id());
    provenance.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    provenance.put("command_line", command);
    provenance.put("versions", versions(spark));
    provenance.put("data", data(set, table));
    provenance.put("machine", machine(spark));
    run.directory().writeText(Run.PROVENANCE, JSON.valueToTree(provenance).toPrettyString() + "\n");
  }

  /**
   * Sets the native libraries or GPUs of the workers that train the run.
   *
   * @param backends the library or GPU by process
   */
  static void setBackends(Run run, Map<String, String> backends) {
    ObjectNode provenance = read(run);
    provenance.set("workers", JSON.valueToTree(backends));
    run.directory().writeText(Run.PROVENANCE, provenance.toPrettyString() + "\n");
  }

  /** Returns this program's version in words. */
  static String thisVersion() {
    return version(JSON.valueToTree(program()));
  }

  /**
   * Returns the version that created a run, in words. Returns empty if it is this one or unknown.
   *
   * @param directory the run's directory
   */
  static Optional<String> otherVersion(Storage directory) {
    if (!directory.exists(Run.PROVENANCE)) {
      return Optional.empty();
    }
    try {
      JsonNode versions = JSON.readTree(directory.readText(Run.PROVENANCE)).path("versions");
      return Optional.of(version(versions))
          .filter(version -> versions.has(VERSION) && !version.equals(thisVersion()));
    } catch (JsonProcessingException damaged) {
      return Optional.empty();
    }
  }

  private static String version(JsonNode versions) {
    return "spark-vae %s (commit %s)"
        .formatted(
            versions.path(VERSION).asText(),
            StringUtils.left(versions.path(COMMIT).asText("unknown"), COMMIT_LENGTH));
  }

  /** Returns the program's version and git commit, as recorded at build time. */
  public static Map<String, Object> program() {
    Properties git = new Properties();
    try (InputStream file = Provenance.class.getResourceAsStream("/git.properties")) {
      if (file != null) {
        git.load(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException("git.properties: cannot be read from the jar", e);
    }
    Map<String, Object> program = new LinkedHashMap<>();
    program.put(VERSION, git.getProperty("git.build.version", "unknown"));
    program.put(COMMIT, git.getProperty("git.commit.id.full", "unknown"));
    program.put("git_dirty", Boolean.valueOf(git.getProperty("git.dirty")));
    return program;
  }

  private static Map<String, Object> versions(SparkSession spark) {
    Map<String, Object> versions = new LinkedHashMap<>(program());
    versions.put("java", System.getProperty("java.vm.version"));
    versions.put("spark", spark.version());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("nd4j", LibraryVersion.of(Nd4j.class));
    versions.put(
        "nd4j_backend",
        Nd4j.getBackend().getClass().getSimpleName() + NativeBackend.selectedExtension());
    OpenBlasKernels.loaded().ifPresent(kernels -> versions.put("openblas_kernels", kernels));
    NativeBackend.oneDnnInstructionSet()
        .ifPresent(instructions -> versions.put("onednn_instruction_set", instructions));
    return versions;
  }

  private static Map<String, Object> data(IdxSet set, String table) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", set.name());
    data.put("checksum", set.checksum());
    data.put("sha256", set.sha256());
    data.put("table", table);
    return data;
  }

  private static Map<String, Object> machine(SparkSession spark) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("master", spark.sparkContext().master());
    machine.put("executors", ExecutorGroup.currentCount(spark.sparkContext()));
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put(
        "max_heap_mib", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax() >> 20);
    return machine;
  }
}
