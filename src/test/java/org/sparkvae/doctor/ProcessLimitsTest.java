package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkvae.doctor.Finding.Level;

class ProcessLimitsTest {
  private static final long HEAP = 4L << 30;

  @TempDir Path directory;

  private static Finding check(String limits) {
    return ProcessLimits.check("driver", ProcessLimits.parse(limits, HEAP));
  }

  @ParameterizedTest
  @CsvSource({
    "Max open files            256                  256                  files, '256 open files, required 512', ulimit -n",
    "Max open files            64                   1048576              files, '64 open files, required 512', ulimit -n",
    "Max processes             100                  unlimited            processes, '100 threads, required 512', ulimit -u",
    "Max file size             102400               unlimited            bytes, 'files of 0 MiB, required 1.0 GiB', ulimit -f",
    "Max file size             0                    0                    bytes, files of 0 MiB, ulimit -f",
    "Max address space         6144000000           unlimited            bytes, '5.7 GiB of address space, required 9.0 GiB for a heap of 4.0 GiB', ulimit -v"
  })
  void rejectsLowLimits(String line, String result, String fix) {
    Finding finding = check("Max cpu time    10   10   seconds\n" + line + "\n");
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.result()).contains(result);
    assertThat(finding.fix()).contains(fix);
  }

  @Test
  void namesAllLowLimits() {
    Finding finding =
        check("Max open files   64   64   files\nMax processes   9   9   processes\n");
    assertThat(finding.line())
        .isEqualTo(
            "driver, limits: 64 open files, required 512; 9 threads, required 512. Raise the limit (ulimit -n, -u; in a container --ulimit and --pids-limit).");
  }

  @ParameterizedTest
  @CsvSource({
    "Max open files            512                  512                  files",
    "Max open files            unlimited            unlimited            files",
    "Max file size             unlimited            unlimited            bytes",
    "Max address space         18446744073709551615 unlimited            bytes",
    "''"
  })
  void acceptsHighAndUnknownLimits(String line) {
    assertThat(check(line).level()).isEqualTo(Level.OK);
  }

  @ParameterizedTest
  @CsvSource({
    "0::/, pids.max, 100",
    "0::/user.slice/job, user.slice/job/pids.max, 200",
    "12:pids:/docker/a, pids/docker/a/pids.max, 300",
    "12:pids:/docker/a, pids/pids.max, 400",
    "12:cpu:/docker/a, pids/docker/b/pids.max, 9223372036854775807",
    "'', none, 9223372036854775807"
  })
  void readsTheLimitOfTheControlGroup(String membership, String file, long expected)
      throws Exception {
    Files.writeString(directory.resolve("cgroup"), "1:name=systemd:/\n" + membership + "\n");
    Path limit = directory.resolve("groups").resolve(file);
    Files.createDirectories(limit.getParent());
    Files.writeString(limit, expected + "\n");
    Files.writeString(limit.resolveSibling("pids.current"), "7\n");
    String cgroup = directory.resolve("cgroup").toString();
    assertThat(ProcessLimits.threadsOfContainer(directory.resolve("groups"), cgroup))
        .isEqualTo(expected);
    Files.writeString(limit, "max\n");
    assertThat(ProcessLimits.threadsOfContainer(directory.resolve("groups"), cgroup))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void readsTheLimitsOfThisProcess() {
    ProcessLimits limits = ProcessLimits.ofThisProcess();
    assertThat(limits.openFiles()).isGreaterThan(0);
    assertThat(limits.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
  }

  @Test
  void acceptsATemporaryDirectoryThatCanBeCreated() throws Exception {
    Finding finding = check("spark.local.dir", directory.resolve("new/one"));
    assertThat(finding.level()).isEqualTo(Level.OK);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void rejectsUnusableTemporaryDirectories() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    for (Path path :
        List.of(
            file, file.resolve("sub"), Path.of("/proc"), Path.of("/proc/new"), Path.of("/sys"))) {
      Finding finding = check("spark.local.dir", path);
      assertThat(finding.level()).as(finding.line()).isEqualTo(Level.WRONG_SETTING);
      assertThat(finding.line())
          .contains(path + " is not a writable directory", "--conf spark.local.dir=DIR");
    }
  }

  @Test
  void warnsOfOneUnusableDirectoryAmongSeveral() {
    List<TemporaryDirectory> both =
        List.of(
            TemporaryDirectory.inspect("spark.local.dir", Path.of("/proc")),
            TemporaryDirectory.inspect("spark.local.dir", directory));
    assertThat(TemporaryDirectory.check("driver", both))
        .extracting(Finding::level)
        .containsExactly(Level.WARNING, Level.OK);
  }

  @Test
  void fullTemporaryDirectoryIsAnExternalFailure() {
    TemporaryDirectory full = new TemporaryDirectory("java.io.tmpdir", "/tmp", true, true, 1 << 20);
    Finding finding = TemporaryDirectory.check("driver", List.of(full)).get(0);
    assertThat(finding.level()).isEqualTo(Level.EXTERNAL_FAILURE);
    assertThat(finding.line()).contains("/tmp, 1 MiB free", " JAVA_OPTS=-Djava.io.tmpdir=DIR");
  }

  @Test
  void rejectsOnlyJavasDirectoryIfItsFilesCannotBeExecuted() {
    List<TemporaryDirectory> noexec =
        List.of(
            new TemporaryDirectory("java.io.tmpdir", "/tmp", true, false, 1L << 30),
            new TemporaryDirectory("spark.local.dir", "/tmp", true, false, 1L << 30));
    List<Finding> findings = TemporaryDirectory.check("executor 0", noexec);
    assertThat(findings).extracting(Finding::level).containsExactly(Level.WRONG_SETTING, Level.OK);
    assertThat(findings.get(0).line())
        .contains("noexec", "--conf spark.executor.extraJavaOptions=-Djava.io.tmpdir=DIR.");
  }

  private static Finding check(String setting, Path path) {
    return TemporaryDirectory.check("driver", List.of(TemporaryDirectory.inspect(setting, path)))
        .get(0);
  }
}
