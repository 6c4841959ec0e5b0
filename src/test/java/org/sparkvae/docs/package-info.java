/** Tests of what the documentation shows and claims. */
package org.sparkvae.docs;
