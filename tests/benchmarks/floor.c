// SPDX-License-Identifier: AGPL-3.0-or-later
// How long MuPDF itself takes to draw pages: the floor under what any language on top of it can reach.
// floor FILE SCALE PAGE...   (pages from 0); prints the milliseconds of each page, the first of them drawn once before.
#include <mupdf/fitz.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

int main(int count, char **said) {
    fz_context *context = fz_new_context(NULL, NULL, FZ_STORE_DEFAULT);
    fz_register_document_handlers(context);
    fz_document *document = fz_open_document(context, said[1]);
    fz_matrix matrix = fz_scale(atof(said[2]), atof(said[2]));
    for (int at = 2; at < count; at++) {
        int page = atoi(said[at > 2 ? at : 3]);
        double begun = now();
        fz_pixmap *drawn = fz_new_pixmap_from_page_number(context, document, page, matrix, fz_device_rgb(context), 0);
        double taken = now() - begun;
        if (at > 2) printf("%.3f\n", taken);
        fz_drop_pixmap(context, drawn);
    }
    return 0;
}
