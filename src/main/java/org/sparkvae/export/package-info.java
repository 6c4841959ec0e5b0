/** The export of a trained model for other programs. */
package org.sparkvae.export;
