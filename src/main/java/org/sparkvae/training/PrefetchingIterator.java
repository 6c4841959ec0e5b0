package org.sparkvae.training;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * An iterator that reads the next minibatch and creates its arrays while the model trains on the
 * current one.
 */
public final class PrefetchingIterator implements Iterator<MultiDataSet> {
  private final Iterator<? extends MultiDataSet> minibatches;
  private CompletableFuture<MultiDataSet> next;

  /** Creates an iterator that starts to read the first minibatch at once. */
  public PrefetchingIterator(Iterator<? extends MultiDataSet> minibatches) {
    this.minibatches = minibatches;
    this.next = prefetch();
  }

  private CompletableFuture<MultiDataSet> prefetch() {
    return CompletableFuture.supplyAsync(
        () -> {
          if (!minibatches.hasNext()) {
            return null;
          }
          MultiDataSet minibatch = minibatches.next();
          minibatch.getFeatures();
          return minibatch;
        });
  }

  @Override
  public boolean hasNext() {
    return next.join() != null;
  }

  @Override
  public MultiDataSet next() {
    MultiDataSet minibatch = next.join();
    if (minibatch == null) {
      throw new NoSuchElementException();
    }
    next = prefetch();
    return minibatch;
  }
}
