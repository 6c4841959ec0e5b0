package org.sparkvae.model.cpu;

import org.bytedeco.javacpp.Pointer;

/**
 * An element of native memory, at which an argument of a native operation starts.
 *
 * @param address the address, which is valid while the owner is reachable
 * @param owner the owner of the memory, which this object keeps reachable
 */
record Element(Pointer address, Object owner) {}
