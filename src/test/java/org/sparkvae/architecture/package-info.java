/** Tests of the dependencies between packages and on libraries. */
package org.sparkvae.architecture;
