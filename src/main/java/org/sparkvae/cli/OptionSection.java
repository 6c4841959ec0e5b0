package org.sparkvae.cli;

/** A mixin whose options have a heading of their own in the help. */
interface OptionSection {
  /** Returns the heading, without a colon. */
  String heading();
}
