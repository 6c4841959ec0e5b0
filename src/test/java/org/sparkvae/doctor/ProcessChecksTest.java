package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.doctor.Finding.Level;
import org.sparkvae.selftest.SelfTest.Outcome;
import org.sparkvae.spark.ExecutorGroup;

/** Checks made-up facts about a process. */
class ProcessChecksTest {
  private static final String EXECUTOR = "executor 3 (host)";
  private static final long GIB = 1L << 30;
  private static final VersionInfo DRIVER =
      new VersionInfo("17.0.15", "3.5.7", "2.12.18", "1.0.0-M2.1", "1.0.0-M2", "1.0.0-M2.1");

  private static void assertFinding(Finding finding, Level level, CharSequence... parts) {
    assertThat(finding.level()).as(finding.line()).isEqualTo(level);
    assertThat(finding.process()).isEqualTo(EXECUTOR);
    assertThat(finding.line())
        .satisfies(line -> assertThat(List.of(parts)).allMatch(line::contains));
    assertThat(finding.fix().isEmpty()).as(finding.line()).isEqualTo(level == Level.OK);
  }

  private static VersionInfo versions(String java, String spark, String scala, String nd4j) {
    return new VersionInfo(java, spark, scala, DRIVER.dl4j(), DRIVER.dl4jSpark(), nd4j);
  }

  @Test
  void requiresJava17() {
    assertFinding(VersionInfo.checkJava(EXECUTOR, DRIVER), Level.OK, "Java", "17.0.15");
    VersionInfo other = versions("21.0.2", "3.5.7", "2.12.18", "1.0.0-M2.1");
    assertFinding(
        VersionInfo.checkJava(EXECUTOR, other),
        Level.WRONG_SETTING,
        "21.0.2, expected 17",
        "JAVA_HOME");
  }

  @Test
  void requiresTheDriversLibraryVersions() {
    assertThat(VersionInfo.checkLibraries(EXECUTOR, DRIVER, DRIVER))
        .allSatisfy(finding -> assertFinding(finding, Level.OK))
        .extracting(Finding::check)
        .containsExactly("Spark", "Scala", "Deeplearning4j");
    List<Finding> others =
        VersionInfo.checkLibraries(
            EXECUTOR, versions("17", "3.5.1", "2.12.17", "1.0.0-M2"), DRIVER);
    assertFinding(
        others.get(0), Level.WRONG_SETTING, "3.5.1, but the driver has 3.5.7", "Set SPARK_HOME");
    assertFinding(others.get(1), Level.WRONG_SETTING, "2.12.17, but the driver has 2.12.18");
    assertFinding(
        others.get(2), Level.WRONG_SETTING, "nd4j 1.0.0-M2, but the driver", "class path");
  }

  @Test
  void requiresScala212EvenIfAllProcessesAgree() {
    VersionInfo all = versions("17", "3.5.7", "2.13.8", "1.0.0-M2.1");
    assertFinding(
        VersionInfo.checkLibraries(EXECUTOR, all, all).get(1),
        Level.WRONG_SETTING,
        "2.13.8, expected 2.12.x");
  }

  @ParameterizedTest
  @CsvSource({
    "linux-x86_64-onednn-avx512, -onednn-avx512, OK",
    "linux-x86_64-onednn-avx2, -onednn-avx512, OK",
    "linux-x86_64-onednn, -onednn-avx2, WARNING",
    "linux-x86_64, -onednn-avx512, WARNING",
    "linux-x86_64-onednn, -onednn, OK"
  })
  void warnsOfTheGenericLibraryOnAVectorProcessor(String loaded, String recommended, Level level) {
    assertFinding(
        NativeLibraryInfo.check(
            EXECUTOR, new NativeLibraryInfo(loaded, recommended, "Zen", "", "")),
        level,
        loaded);
  }

  @ParameterizedTest
  @CsvSource({
    "Prescott, -onednn-avx512, WARNING, treats the processor as Prescott",
    "Barcelona, -onednn-avx2, WARNING, treats the processor as Barcelona",
    "Cooperlake, -onednn-avx512, OK, 'OpenBLAS for Cooperlake, oneDNN for avx2'",
    "Nehalem, -onednn, OK, OpenBLAS for Nehalem",
    "'', -onednn-avx2, OK, linux-x86_64"
  })
  void warnsOfOldKernelsOnAVectorProcessor(
      String kernels, String recommended, Level level, String part) {
    assertFinding(
        NativeLibraryInfo.check(
            EXECUTOR,
            new NativeLibraryInfo("linux-x86_64-onednn-avx2", recommended, kernels, "avx2", "")),
        level,
        part);
  }

  @Test
  void recommendsNoCpuLibraryToAGpuProcess() {
    String recommended = NativeLibraryInfo.recommendedExtension(true);
    assertFinding(
        NativeLibraryInfo.check(
            EXECUTOR, new NativeLibraryInfo("linux-x86_64-cudnn", recommended, "Zen", "", "")),
        Level.OK,
        "linux-x86_64-cudnn");
  }

  @Test
  void namesAnOldGlibc() {
    assertFinding(
        NativeLibraryInfo.check(
            EXECUTOR,
            new NativeLibraryInfo(
                "",
                "",
                "",
                "",
                "java.lang.UnsatisfiedLinkError: libjnind4jcuda.so: /lib64/libm.so.6: version `GLIBC_2.27' not found")),
        Level.WRONG_SETTING,
        "`GLIBC_2.27' not found",
        "glibc or a newer one");
  }

  @Test
  void reportsTheSelfTest() {
    Outcome right = new Outcome("loss", 2e-7, 1e-5, "");
    assertFinding(
        SelfTestCheck.check(EXECUTOR, right),
        Level.OK,
        "loss differs by 2.0e-07 from the stored value (tolerance 1e-05)");
    Outcome wrong = new Outcome("gradient of block1_W", 0.5, 1e-5, "");
    assertFinding(
        SelfTestCheck.check(EXECUTOR, wrong),
        Level.WRONG_SETTING,
        "gradient of block1_W differs by 5.0e-01",
        "Exclude its host");
    assertFinding(
        SelfTestCheck.check(
            EXECUTOR, new Outcome("", Double.POSITIVE_INFINITY, 0, "no kernel image")),
        Level.WRONG_SETTING,
        "it cannot be computed (no kernel image)",
        "failures in the other rows");
  }

  @Test
  void rejectsALibraryThatCannotBeLoaded() {
    assertFinding(
        NativeLibraryInfo.check(
            EXECUTOR, new NativeLibraryInfo("", "-onednn", "", "", "no libcuda.so.1")),
        Level.WRONG_SETTING,
        "cannot be loaded: no libcuda.so.1",
        "-Pgpu");
  }

  @Test
  void namesThePackagesThatAreNotOpen() {
    assertFinding(
        JvmFlags.checkOpenPackages(EXECUTOR, new JvmFlags(List.of(), "", "", "")), Level.OK);
    JvmFlags flags =
        new JvmFlags(List.of("java.base/sun.nio.ch", "java.base/java.nio"), "", "", "");
    assertFinding(
        JvmFlags.checkOpenPackages(EXECUTOR, flags),
        Level.WRONG_SETTING,
        "java.base/sun.nio.ch, java.base/java.nio",
        "conf/jvm-options");
  }

  @Test
  void checksThePackagesOfTheOptionsFile() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("conf/jvm-options"), StandardCharsets.UTF_8)) {
      assertThat(
              lines
                  .filter(line -> line.startsWith("--add-opens="))
                  .map(line -> line.replaceAll("--add-opens=|=ALL-UNNAMED", "")))
          .containsExactlyInAnyOrderElementsOf(JvmFlags.OPEN_PACKAGES);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "60000000000, OK, 60 s",
    "31s, OK, 31 s",
    "30s, WRONG_SETTING, more than 30 s",
    "'', WRONG_SETTING, 15 s by default",
    "soon, WRONG_SETTING, is not a duration"
  })
  void requiresAnUnblockTimeoutAboveTheClientsLiveness(String timeout, Level level, String part) {
    JvmFlags flags = new JvmFlags(List.of(), timeout, "SHARED", "true");
    assertFinding(JvmFlags.checkUnblockTimeout(EXECUTOR, flags), level, part);
  }

  @ParameterizedTest
  @CsvSource({
    "SHARED, true, OK, one thread",
    "'', true, WARNING, aeron.threading.mode is not SHARED",
    "SHARED, '', WARNING, aeron.dir.delete.on.shutdown is not true",
    "DEDICATED, false, WARNING, 'so Aeron uses more cores; aeron.dir'"
  })
  void warnsOfWastefulAeronSettings(
      String threadingMode, String deleteOnShutdown, Level level, String part) {
    JvmFlags flags = new JvmFlags(List.of(), "60s", threadingMode, deleteOnShutdown);
    assertFinding(JvmFlags.checkAeronSettings(EXECUTOR, flags), level, part);
  }

  @ParameterizedTest
  @CsvSource({
    "true, 33, OK, 33 MiB free; Aeron needs 33 MiB",
    "true, 32, WRONG_SETTING, Docker's default is 64 MB",
    "false, 1024, WRONG_SETTING, not writable",
    "false, -1, WARNING, does not exist"
  })
  void requiresFreeSharedMemory(boolean isWritable, long mebibytes, Level level, String part) {
    SharedMemoryInfo memory =
        new SharedMemoryInfo(
            isWritable, mebibytes < 0 ? mebibytes : mebibytes << 20, 4 << 20, true);
    assertFinding(
        SharedMemoryInfo.check(EXECUTOR, memory, memory.needed(EXECUTOR, 8)), level, part);
  }

  @ParameterizedTest
  @CsvSource({
    "driver, 8, true, 201",
    "executor 0, 8, true, 33",
    "executor 0, 2, true, 33",
    "driver, 0, true, 9",
    "executor 0, 4, false, 141"
  })
  void computesTheSharedMemoryThatAeronNeeds(
      String process, int executors, boolean isSparse, long mebibytes) {
    SharedMemoryInfo memory = new SharedMemoryInfo(true, 1L << 30, 4 << 20, isSparse);
    assertThat(memory.needed(process, executors)).isEqualTo(mebibytes << 20);
  }

  @Test
  void addsUpTheSharedMemoryOfAHost() {
    Map<String, ProcessInfo> processes = new LinkedHashMap<>();
    processes.put(ExecutorGroup.DRIVER, processOn("10.0.0.1"));
    processes.put("executor 0", processOn("10.0.0.1"));
    processes.put("executor 1", processOn("10.0.0.2"));
    processes.put("executor 2", processOn(""));
    processes.put("executor 3", processOn(""));
    assertThat(SharedMemoryInfo.checkAll(processes))
        .extracting(Finding::result)
        .containsExactly(
            "64 MiB free; Aeron needs 138 MiB",
            "64 MiB free; Aeron needs 138 MiB",
            "64 MiB free; Aeron needs 33 MiB",
            "64 MiB free; Aeron needs 33 MiB",
            "64 MiB free; Aeron needs 33 MiB");
  }

  private static ProcessInfo processOn(String address) {
    return new ProcessInfo(
        null,
        null,
        null,
        null,
        new NetworkInfo("10.0.0.0/24", address, ""),
        new SharedMemoryInfo(true, 64 << 20, 4 << 20, true),
        null,
        null,
        null,
        null);
  }

  @Test
  void acceptsTheLaunchersHeapOnAnEightGigabyteMachine() {
    long visible = 7_600L << 20;
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(4 * GIB, 4 * GIB, 8 * GIB, visible, false)),
        Level.OK,
        "heap 4.0 GiB, native arrays up to 4.0 GiB, machine 7.4 GiB");
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(4 * GIB, 4 * GIB, 8 * GIB, visible, true)),
        Level.WARNING,
        "container 7.4 GiB; heap and native arrays may exceed the available memory",
        "memoryOverhead");
  }

  @Test
  void warnsOfUnlimitedNativeArrays() {
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(GIB, 0, 0, 64 * GIB, false)),
        Level.WARNING,
        "unlimited");
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(GIB, 0, 4 * GIB, 4 * GIB, true)), Level.OK);
  }

  @Test
  void requiresTwoGigabytes() {
    long half = 900L << 20;
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(half, half, 2 * half, 8 * GIB, false)),
        Level.WRONG_SETTING,
        "heap 900 MiB",
        "at least 2 GB is required",
        "-Xmx2g");
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(4 * GIB, 4 * GIB, 8 * GIB, GIB, true)),
        Level.WRONG_SETTING,
        "container 1.0 GiB");
    // The JVM of a one-core executor with -Xmx1g reports slightly less than 1 GiB.
    long heap = 990L << 20;
    assertFinding(
        MemoryLimits.check(EXECUTOR, new MemoryLimits(heap, heap, 2 * heap, 8 * GIB, true)),
        Level.OK);
  }

  @Test
  void addsHeapAndOverheadOnYarn() {
    SparkConf yarn =
        new SparkConf(false).set("spark.master", "yarn").set("spark.executor.memory", "1200m");
    assertThat(MemoryLimits.ofExecutor(yarn).available()).isEqualTo((1200L + 384) << 20);
    assertThat(
            MemoryLimits.ofExecutor(yarn.set("spark.executor.memoryOverhead", "800")).available())
        .isEqualTo(2000L << 20);
    assertThat(MemoryLimits.ofExecutor(yarn).isContainer()).isTrue();
    assertThat(MemoryLimits.ofExecutor(yarn.set("spark.master", "spark://host:7077")))
        .isEqualTo(MemoryLimits.ofThisProcess());
  }

  @Test
  void rejectsSparkSettingsThatBreakWorkers() {
    SparkConf valid =
        new SparkConf(false).set("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    assertThat(SparkSettingsCheck.check(valid)).extracting(Finding::level).containsOnly(Level.OK);
    SparkConf invalid =
        new SparkConf(false)
            .set("spark.speculation", "true")
            .set("spark.dynamicAllocation.enabled", "true")
            .set("spark.scheduler.minRegisteredResourcesRatio", "0.8");
    assertThat(SparkSettingsCheck.check(invalid))
        .extracting(Finding::line)
        .satisfiesExactly(
            line -> assertThat(line).contains("spark.speculation: true. Set it to false"),
            line -> assertThat(line).contains("spark.dynamicAllocation.enabled: true. Set it"),
            line -> assertThat(line).contains("Ratio: 0.8. Set it to 1.0"));
    assertThat(SparkSettingsCheck.check(invalid))
        .extracting(Finding::level)
        .containsExactly(Level.WRONG_SETTING, Level.WRONG_SETTING, Level.WARNING);
  }

  @Test
  void collectsFactsAboutThisProcess() {
    assertThat(VersionInfo.ofThisProcess())
        .isEqualTo(versions(System.getProperty("java.version"), "3.5.7", "2.12.18", "1.0.0-M2.1"));
    assertThat(JvmFlags.ofThisProcess().closedPackages()).isEmpty();
    assertThat(SharedMemoryInfo.ofThisProcess().usableBytes()).isPositive();
    assertThat(MemoryLimits.ofThisProcess().heap()).isEqualTo(Runtime.getRuntime().maxMemory());
  }
}
