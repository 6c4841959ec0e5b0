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
 * Talks to a person: lines on standard output, progress and errors on standard error. On a terminal
 * progress is a bar; elsewhere it is a line now and then. All of it goes to the log as well.
 */
final class ConsoleReporter implements Reporter {
  private static final Logger LOG = LoggerFactory.getLogger("sparkvae");
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(15);
  private static final int LINE_WIDTH = 110;
  private static final int LONGEST_LINE = 4000;

  /** What would begin another line, or tell a terminal to do something. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

  private final Thread work = Thread.currentThread();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @SuppressWarnings("SystemConsoleNull") // The build takes JDK 17 alone, where it says just this.
  private final boolean terminal = System.console() != null;

  private ProgressBar bar;
  private int minibatch;
  private boolean silent;
  private String lastLine = "";
  private String howToGoOn = "run the same command again to go on";

  @Override
  public synchronized void say(String line) {
    stopIfInterrupted();
    LOG.info(line);
    out.println(line);
  }

  @Override
  public synchronized void warn(String line) {
    LOG.warn(line);
    err.println("sparkvae: warning: " + oneLine(line));
  }

  /** A message may have words of a file's in it. */
  private static String oneLine(String message) {
    return StringUtils.abbreviate(CONTROL.matcher(message).replaceAll(" "), LONGEST_LINE);
  }

  /** Remembers the name that a run was given because the command line had none. */
  synchronized void named(String runId) {
    howToGoOn = "run the same command with --run-id %s to go on".formatted(runId);
  }

  /** Says so, once, and lets nothing else through: what is torn down now complains loudly. */
  synchronized void interrupted() {
    error("interrupted; " + howToGoOn);
    silent = true;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
  }

  /** Whatever comes next is not begun; a thread's own mark is lost where others catch it. */
  private void stopIfInterrupted() {
    if (silent && Thread.currentThread() == work) {
      throw new TransientException("interrupted; " + howToGoOn);
    }
  }

  synchronized void error(String line) {
    if (silent) {
      return;
    }
    finished();
    LOG.error(line);
    String log = System.getProperty("sparkvae.log");
    err.println("sparkvae: " + oneLine(line) + (log == null ? "" : " [log: " + log + "]"));
  }

  @Override
  public synchronized void started(String what, long images) {
    stopIfInterrupted();
    finished();
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
    // The library tells the end of a bar twice.
    if (!silent && !line.equals(lastLine)) {
      LOG.info(line);
      err.println(line.strip());
      lastLine = line;
    }
  }

  @Override
  public synchronized void advanced(long images) {
    stopIfInterrupted();
    if (bar != null) {
      bar.stepBy(images);
    }
  }

  @Override
  public synchronized void finished() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public synchronized void epochStarted(int epoch, int epochs, int images) {
    minibatch = 0;
    started("epoch %d/%d".formatted(epoch, epochs), images);
  }

  @Override
  public synchronized void minibatch(MinibatchLoss loss) {
    if (bar != null) {
      minibatch++;
      bar.setExtraMessage(
          String.format(Locale.ROOT, " minibatch %d, loss %.4f", minibatch, loss.total()));
      bar.stepBy(loss.images());
    }
  }

  @Override
  public void epochDone(EpochRecord record, int epochs) {
    if (record.epoch() % 2 == 1) {
      say(record.tableOneLine(epochs));
    }
  }
}
