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
  void writesAPngThatReadsBackAsItWas() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0x123456);

    BufferedImage back = ImageIO.read(new ByteArrayInputStream(ImageFixtures.png(image)));

    assertThat(back.getWidth()).isEqualTo(3);
    assertThat(back.getHeight()).isEqualTo(2);
    assertThat(ImageFixtures.rgb(back, 2, 1)).isEqualTo(0x123456);
    assertThat(ImageFixtures.rgb(back, 0, 0)).isZero();
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
  void findsFontsHere() {
    assertThatCode(FigureFiles::checkFonts).doesNotThrowAnyException();
  }

  /** Fonts are looked for once per JVM, so it takes another one to see none. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void saysWhatToDoWhereThereAreNoFonts(@TempDir Path dir) throws Exception {
    Path none = Files.writeString(dir.resolve("none.conf"), "<fontconfig></fontconfig>");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.awt.headless=true",
            // Java remembers the fonts it found there.
            "-Duser.home=" + dir,
            "-cp",
            System.getProperty("java.class.path"),
            Draw.class.getName());
    builder.environment().put("FONTCONFIG_FILE", none.toString());
    Path output = dir.resolve("output");

    Process java = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();

    assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output, UTF_8).lines())
        .filteredOn(line -> line.startsWith("said: "))
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).contains("figures cannot be drawn", "install fontconfig"));
  }

  /** Draws where there may be no fonts; twice, as Java gives another error the second time. */
  static final class Draw {
    private Draw() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try {
          ImageGrid.tenByTen().draw(FigureText.titled("Figure 1"), List.of(ImageFixtures.blank()));
        } catch (TransientException failure) {
          System.out.println("said: " + failure.getMessage());
        }
      }
    }
  }
}
