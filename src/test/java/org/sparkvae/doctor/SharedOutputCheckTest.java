package org.sparkvae.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.doctor.Finding.Level;

class SharedOutputCheckTest {
  private final Configuration files = new Configuration();
  @TempDir Path directory;

  private Finding checkOf(SharedOutputCheck output, Optional<SharedOutputCheck.Fault> fault) {
    return SharedOutputCheck.check("executor 0 (host)", output.directory(), fault);
  }

  @Test
  void driverAndExecutorWriteAndLeaveNothing() {
    SharedOutputCheck output = SharedOutputCheck.in(directory.toString(), files);
    Finding driver = checkOf(output, output.writtenByDriver(files));
    assertThat(driver.level()).isEqualTo(Level.OK);
    assertThat(driver.what()).isEqualTo("written, renamed and read: file:" + directory);
    assertThat(output.usedByExecutor("0", files)).isEmpty();
    output.removeByDriver(files);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDirectoryOfTheExecutorsOwnIsAWrongSetting() {
    SharedOutputCheck output = SharedOutputCheck.in(directory.toString(), files);
    Finding finding = checkOf(output, output.usedByExecutor("0", files));
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line())
        .contains("the driver's file is not here", "use a file system that all");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void anotherFileInTheDriversPlaceIsSeen() throws IOException {
    SharedOutputCheck output = SharedOutputCheck.in(directory.toString(), files);
    Files.writeString(directory.resolve(output.name()), "stale");
    Finding finding = checkOf(output, output.usedByExecutor("0", files));
    assertThat(finding.level()).isEqualTo(Level.OUTSIDE);
    assertThat(finding.what()).contains("not what was written");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsOutside() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    SharedOutputCheck output = SharedOutputCheck.in(file.toString(), files);
    Finding finding = checkOf(output, output.writtenByDriver(files));
    assertThat(finding.level()).isEqualTo(Level.OUTSIDE);
    assertThat(finding.line()).contains(file.toString(), "--output");
  }
}
