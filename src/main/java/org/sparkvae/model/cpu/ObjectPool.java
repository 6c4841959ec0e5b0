package org.sparkvae.model.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Objects that one thread at a time can use. The pool creates another one when all are in use. */
final class ObjectPool<T> {
  private final Queue<T> idle = new ConcurrentLinkedQueue<>();
  private final Supplier<T> constructor;

  ObjectPool(Supplier<T> constructor) {
    this.constructor = constructor;
  }

  /** Calls a function with an object that no other thread uses meanwhile. */
  void use(Consumer<T> function) {
    T object = idle.poll();
    if (object == null) {
      object = constructor.get();
    }
    function.accept(object);
    idle.add(object);
  }
}
