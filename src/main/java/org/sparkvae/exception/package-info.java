/**
 * Expected failures, one class per exit code. The user sees only the message: one line that says
 * what failed, where, why, and what to do. Any other exception is an internal error.
 */
package org.sparkvae.exception;
