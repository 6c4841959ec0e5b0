/**
 * What can go wrong, one class per exit code. A failure's message is the one line that its reader
 * sees: it says what, where, and what to do about it. Anything else that is thrown is a fault of
 * the program.
 */
package org.sparkvae.exception;
