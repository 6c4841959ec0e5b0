package org.sparkvae.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sparkvae.exception.TransientException;

class FigureFilesTest {
  @Test
  void writesAPngWithTheSamePixels() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0x123456);

    BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(ImageFixtures.png(image)));

    assertThat(decoded.getWidth()).isEqualTo(3);
    assertThat(decoded.getHeight()).isEqualTo(2);
    assertThat(ImageFixtures.rgb(decoded, 2, 1)).isEqualTo(0x123456);
    assertThat(ImageFixtures.rgb(decoded, 0, 0)).isZero();
  }

  @Test
  void leavesTheStreamOpen() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    ByteArrayOutputStream stream =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    FigureFiles.writePng(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), stream);

    assertThat(closed).isFalse();
    assertThat(stream.size()).isPositive();
  }

  @Test
  void acceptsAMachineWithFonts() {
    assertThatCode(Fonts::check).doesNotThrowAnyException();
  }

  /** A JVM searches for fonts only once, so this test starts another JVM. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void reportsMissingFontsAndAFix(@TempDir Path directory) throws Exception {
    Path emptyConfiguration =
        Files.writeString(directory.resolve("none.conf"), "<fontconfig></fontconfig>");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.awt.headless=true",
            // Java caches the fonts that it has found in the home directory.
            "-Duser.home=" + directory,
            "-cp",
            System.getProperty("java.class.path"),
            RenderTwice.class.getName());
    builder.environment().put("FONTCONFIG_FILE", emptyConfiguration.toString());
    Path output = directory.resolve("output");

    Process java = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();

    assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output, UTF_8).lines())
        .filteredOn(line -> line.startsWith("message: "))
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).contains("figures cannot be rendered", "Install fontconfig"));
  }

  /** Renders a figure twice, because Java throws another error the second time. */
  static final class RenderTwice {
    private RenderTwice() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try {
          ImageGrid.tenByTen().render("Figure 1", "", List.of(ImageFixtures.blank()));
        } catch (TransientException failure) {
          System.out.println("message: " + failure.getMessage());
        }
      }
    }
  }
}
