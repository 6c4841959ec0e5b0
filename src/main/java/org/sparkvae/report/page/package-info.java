/**
 * The HTML pages of one run and of two compared runs. This package turns plain values into
 * self-contained HTML with the templates in its resources. The caller stores the pages.
 */
package org.sparkvae.report.page;
