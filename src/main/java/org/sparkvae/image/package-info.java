/** The shape of the images, which every other package can use. */
package org.sparkvae.image;
