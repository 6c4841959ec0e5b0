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
  @TempDir Path directory;

  private Finding finding(SharedOutputCheck check, Optional<SharedOutputCheck.Fault> fault) {
    return SharedOutputCheck.check("executor 0 (host)", check.directory(), fault);
  }

  @Test
  void driverAndExecutorShareTheDirectoryAndLeaveNoFiles() {
    SharedOutputCheck check = SharedOutputCheck.forDirectory(directory.toString());
    Finding driver = finding(check, check.writeFromDriver());
    assertThat(driver.level()).isEqualTo(Level.OK);
    assertThat(driver.result()).isEqualTo("written, renamed and read: file:" + directory);
    assertThat(check.testFromExecutor("0", new Configuration())).isEmpty();
    check.deleteFromDriver();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void rejectsADirectoryThatIsNotShared() {
    SharedOutputCheck check = SharedOutputCheck.forDirectory(directory.toString());
    Finding finding = finding(check, check.testFromExecutor("0", new Configuration()));
    assertThat(finding.level()).isEqualTo(Level.WRONG_SETTING);
    assertThat(finding.line())
        .contains("the driver's file is not visible here", "Use a file system that all");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void detectsAStaleFileWithTheDriversName() throws IOException {
    SharedOutputCheck check = SharedOutputCheck.forDirectory(directory.toString());
    Files.writeString(directory.resolve(check.name()), "stale");
    Finding finding = finding(check, check.testFromExecutor("0", new Configuration()));
    assertThat(finding.level()).isEqualTo(Level.EXTERNAL_FAILURE);
    assertThat(finding.result()).contains("differs from the content written");
  }

  @Test
  void reportsAnUnwritableOutputAsAnExternalFailure() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    SharedOutputCheck check = SharedOutputCheck.forDirectory(file.toString());
    Finding finding = finding(check, check.writeFromDriver());
    assertThat(finding.level()).isEqualTo(Level.EXTERNAL_FAILURE);
    assertThat(finding.line()).contains(file.toString(), "--output");
  }
}
