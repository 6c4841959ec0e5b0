/** A trained model for programs that are not this one. */
package org.sparkvae.export;
