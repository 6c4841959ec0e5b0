/**
 * The Spark ML API: an Estimator fitted to a DataFrame of images, and a Model that adds their
 * reconstructions. It uses the same trainers and the same reconstruction as the commands.
 */
package org.sparkvae.ml;
