package org.sparkvae.training.spark;

import java.lang.reflect.Field;
import org.agrona.UnsafeAccess;

/** Replacement of constants of libraries, where a library has no setting for them. */
final class LibraryConstants {
  private LibraryConstants() {}

  /** Replaces a static field, even if it is final. Code that read the field keeps the old value. */
  static <T> void replace(Class<T> type, String name, T value) {
    try {
      Field field = type.getDeclaredField(name);
      UnsafeAccess.UNSAFE.putObjectVolatile(
          UnsafeAccess.UNSAFE.staticFieldBase(field),
          UnsafeAccess.UNSAFE.staticFieldOffset(field),
          value);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("%s has no field %s.".formatted(type.getName(), name), e);
    }
  }
}
