package org.sparkvae.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkvae.exception.TransientException;
import org.sparkvae.run.Reporter;
import org.sparkvae.training.EpochRecord;
import org.sparkvae.training.MinibatchLoss;

/**
 * A reporter that prints results to standard output, and progress, warnings and errors to standard
 * error. Progress is a bar on a terminal, otherwise a line every 15 s. The log gets every line too.
 */
final class ConsoleReporter implements Reporter {
  private static final Logger LOG = LoggerFactory.getLogger("sparkvae");
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(15);
  private static final int LINE_WIDTH = 110;
  private static final int MAX_LINE_LENGTH = 4000;

  /** Characters that start a new line or control a terminal. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

  private final Thread work = Thread.currentThread();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @SuppressWarnings("SystemConsoleNull") // JDK 17 returns null without a terminal.
  private final boolean terminal = System.console() != null;

  private ProgressBar bar;
  private int minibatch;
  private boolean silent;
  private boolean hasFailed;
  private String lastLine = "";
  private String resumeHint = "Rerun the same command to resume.";

  @Override
  public synchronized void info(String line) {
    stopIfInterrupted();
    LOG.info(line);
    out.println(line);
  }

  @Override
  public synchronized void warn(String line) {
    LOG.warn(line);
    err.println("sparkvae: warning: " + oneLine(line));
  }

  /** Removes control characters, which a message can contain as part of a file's content. */
  private static String oneLine(String message) {
    return StringUtils.abbreviate(CONTROL.matcher(message).replaceAll(" "), MAX_LINE_LENGTH);
  }

  /** Adds the generated name of a run to the advice on how to resume it. */
  synchronized void runIdGenerated(String runId) {
    resumeHint = "Rerun the same command with --run-id %s to resume.".formatted(runId);
  }

  /** Reports the interruption and suppresses all later output, such as errors of the shutdown. */
  synchronized void interrupted() {
    end("interrupted. " + resumeHint);
  }

  /**
   * Reports why the process ends and suppresses all later output.
   *
   * @return whether the line was printed; false if an error has been reported before
   */
  synchronized boolean end(String line) {
    boolean isFirst = !hasFailed;
    if (isFirst) {
      error(line);
    }
    silent = true;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    return isFirst;
  }

  /** Stops the working thread; a library may have cleared its interrupt flag. */
  private void stopIfInterrupted() {
    if (silent && Thread.currentThread() == work) {
      throw new TransientException("interrupted. " + resumeHint);
    }
  }

  synchronized void error(String line) {
    if (silent) {
      return;
    }
    hasFailed = true;
    progressFinished();
    LOG.error(line);
    String log = System.getProperty("sparkvae.log");
    err.println("sparkvae: " + oneLine(line) + (log == null ? "" : " [log: " + log + "]"));
  }

  @Override
  public synchronized void progressStarted(String what, long images) {
    stopIfInterrupted();
    progressFinished();
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(images)
            .setUnit(" images", 1)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed();
    if (terminal) {
      builder.setUpdateIntervalMillis(500);
    } else {
      builder
          .setUpdateIntervalMillis((int) LINE_INTERVAL.toMillis())
          .setConsumer(new DelegatingProgressBarConsumer(this::progressLine, LINE_WIDTH));
    }
    bar = builder.build();
  }

  private void progressLine(String line) {
    // The library reports the end of a bar twice.
    if (!silent && !line.equals(lastLine)) {
      LOG.info(line);
      err.println(line.strip());
      lastLine = line;
    }
  }

  @Override
  public synchronized void progressAdvanced(long images) {
    stopIfInterrupted();
    if (bar != null) {
      bar.stepBy(images);
    }
  }

  @Override
  public synchronized void progressFinished() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public synchronized void epochStarted(int epoch, int epochs, int images) {
    minibatch = 0;
    progressStarted("epoch %d/%d".formatted(epoch, epochs), images);
  }

  @Override
  public synchronized void minibatchTrained(MinibatchLoss loss) {
    if (bar != null) {
      minibatch++;
      bar.setExtraMessage(
          String.format(Locale.ROOT, " minibatch %d, loss %.4f", minibatch, loss.total()));
      bar.stepBy(loss.images());
    }
  }

  @Override
  public void epochFinished(EpochRecord record, int epochs) {
    if (record.epoch() % 2 == 1) {
      info(record.tableOneLine(epochs));
    }
  }
}
