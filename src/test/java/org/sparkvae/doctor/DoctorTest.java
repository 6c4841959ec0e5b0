package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.config.TrainerKind;
import org.sparkvae.doctor.Finding.Level;
import org.sparkvae.exception.ConfigurationException;
import org.sparkvae.spark.LocalSpark;

/** Runs the doctor on this process, in the Spark session that all tests share. */
class DoctorTest {
  private static final String UNBLOCK_TIMEOUT = "aeron.publication.unblock.timeout";
  private static final List<String> CHECKS =
      List.of(
          "Java",
          "Spark",
          "Scala",
          "Deeplearning4j",
          "nd4j native",
          "self-test",
          "--add-opens",
          "Aeron timeout",
          "Aeron settings",
          "address",
          "memory",
          "limits",
          "java.io.tmpdir",
          "GPU",
          "spark.speculation",
          "spark.dynamicAllocation.enabled",
          "spark.scheduler.minRegisteredResourcesRatio",
          "cache",
          "output",
          "/dev/shm",
          "UDP to itself");

  @TempDir Path directory;

  @Test
  void runsEachCheckOnceInLocalMode() {
    List<Finding> findings = Doctor.examine(LocalSpark.session(), directory.toString());
    assertThat(findings).extracting(Finding::check).containsExactlyElementsOf(CHECKS);
    assertThat(findings).extracting(Finding::process).containsOnly("driver");
    assertThat(findings).filteredOn(Finding::isFailure).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void reportsTheNativeLibraryThatWasLoaded() {
    String extension = System.getProperty("org.bytedeco.javacpp.platform.extension");
    LocalSpark.session();
    assertThat(NativeLibraryInfo.ofThisProcess())
        .satisfies(
            library -> {
              assertThat(library.fault()).isEmpty();
              assertThat(library.instructions()).matches("sse41|avx.*");
              assertThat(library.loaded())
                  .endsWith(extension == null ? library.recommended() : extension);
            });
  }

  @Test
  void runsAllChecksIfOutputIsNotADirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    List<Finding> findings = Doctor.examine(LocalSpark.session(), file.toString());
    assertThat(findings).extracting(Finding::check).containsExactlyElementsOf(CHECKS);
    assertThat(findings)
        .filteredOn(Finding::isFailure)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.check()).isEqualTo("output");
              assertThat(finding.level()).isEqualTo(Level.EXTERNAL_FAILURE);
            });
  }

  @Test
  void reportsAMalformedOutputAsAWrongSetting() {
    assertThat(Doctor.examine(LocalSpark.session(), ""))
        .filteredOn(Finding::isFailure)
        .singleElement()
        .extracting(Finding::level)
        .isEqualTo(Level.WRONG_SETTING);
  }

  @Test
  void reportsThatSparkDoesNotStart() {
    Finding setting = Doctor.startFailure(new IllegalArgumentException("System memory\nat"));
    assertThat(setting.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(setting.result()).isEqualTo("does not start: System memory");
    Finding external = Doctor.startFailure(new BindException("Cannot assign requested address"));
    assertThat(external.level()).isEqualTo(Level.EXTERNAL_FAILURE);
    assertThat(external.fix()).contains("spark.driver.host");
  }

  @Test
  void warnsIfTheCacheIsNotWritable() {
    for (String directory :
        List.of("/proc", "/proc/new/spark-vae", "/sys", "/dev/null", "pom.xml")) {
      Finding finding = Doctor.checkCache(Path.of(directory));
      assertThat(finding.level()).as(finding.line()).isEqualTo(Level.WARNING);
      assertThat(finding.line()).contains(directory, "set XDG_CACHE_HOME to another directory");
    }
    assertThat(Doctor.checkCache(Path.of("target/new")).level()).isEqualTo(Level.OK);
  }

  @Test
  void listsTheRegisteredExecutors() {
    assertThat(Doctor.checkRegistered(Set.of()).level()).isEqualTo(Level.EXTERNAL_FAILURE);
    assertThat(Doctor.checkRegistered(Set.of()).line()).contains("none registered", "free cores");
    Finding two = Doctor.checkRegistered(Set.of("10.0.0.2:7", "10.0.0.1:7"));
    assertThat(two.level()).isEqualTo(Level.OK);
    assertThat(two.result()).isEqualTo("2: 10.0.0.1:7, 10.0.0.2:7");
  }

  @Test
  void preflightChecksReportNothingOnASoundMachine() {
    List<String> warnings = new ArrayList<>();
    SparkSession spark = LocalSpark.session();
    PreflightChecks.check(TrainerKind.SHARED, spark, 1, warnings::add);
    PreflightChecks.check(TrainerKind.ALLREDUCE, spark, 1, warnings::add);
    PreflightChecks.check(TrainerKind.LOCAL, spark, 1, warnings::add);
    assertThat(warnings).isEmpty();
  }

  @Test
  void preflightChecksTestAeronForTheSharedTrainerOnly() {
    List<String> warnings = new ArrayList<>();
    SparkSession spark = LocalSpark.session();
    String before = System.setProperty(UNBLOCK_TIMEOUT, "10s");
    try {
      PreflightChecks.check(TrainerKind.LOCAL, spark, 1, warnings::add);
      assertThatThrownBy(() -> PreflightChecks.check(TrainerKind.SHARED, spark, 1, warnings::add))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContainingAll("driver, Aeron timeout: ", "is 10 s", "conf/jvm-options");
    } finally {
      System.setProperty(UNBLOCK_TIMEOUT, before);
    }
    assertThat(warnings).isEmpty();
  }
}
