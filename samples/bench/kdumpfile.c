/*
 * Reads the pages that are in a dump with libkdumpfile, 4 KiB at a time, one thread: all of them in
 * order, or some of them in a random one. What org.vmcore.samples.KdumpReading does.
 *
 *     kdumpfile FILE seq|random PAGES PASSES    (all pages where PAGES is 0)
 *
 * Prints of each pass the seconds, the bytes, and the sum of each page's first eight bytes.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libkdumpfile/kdumpfile.h>

#define PAGE 4096

static kdump_ctx_t *dump;

static void require(kdump_status status, const char *what)
{
	if (status != KDUMP_OK) {
		fprintf(stderr, "%s: %s\n", what, kdump_get_err(dump));
		exit(1);
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* The numbers of the page frames that are in the dump. */
static kdump_addr_t *present(size_t *count)
{
	kdump_attr_t map = { .type = KDUMP_BITMAP };
	kdump_addr_t *frames = NULL;
	kdump_addr_t pfn = 0;
	size_t room = 0;

	require(kdump_get_typed_attr(dump, KDUMP_ATTR_FILE_PAGEMAP, &map), KDUMP_ATTR_FILE_PAGEMAP);
	*count = 0;
	while (kdump_bmp_find_set(map.val.bitmap, &pfn) == KDUMP_OK) {
		if (*count == room) {
			room = room ? 2 * room : 1 << 16;
			frames = realloc(frames, room * sizeof *frames);
			if (!frames)
				exit(1);
		}
		frames[(*count)++] = pfn++;
	}
	return frames;
}

/* Some of them by xorshift64, the same for every reader. */
static kdump_addr_t *some(const kdump_addr_t *frames, size_t all, size_t count)
{
	kdump_addr_t *chosen = malloc(count * sizeof *chosen);
	uint64_t state = 0x9e3779b97f4a7c15;

	if (!chosen)
		exit(1);
	for (size_t i = 0; i < count; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		chosen[i] = frames[state % all];
	}
	return chosen;
}

int main(int argc, char **argv)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));
	kdump_addr_t *frames;
	size_t all, count;
	int fd;

	if (argc != 5) {
		fprintf(stderr, "usage: kdumpfile FILE seq|random PAGES PASSES\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY);
	dump = kdump_new();
	if (fd < 0 || !dump) {
		perror(argv[1]);
		return 1;
	}
	require(kdump_open_fd(dump, fd), argv[1]);
	frames = present(&all);
	count = strtoul(argv[3], NULL, 0);
	if (count == 0 || (strcmp(argv[2], "seq") == 0 && count > all))
		count = all;
	if (strcmp(argv[2], "random") == 0)
		frames = some(frames, all, count);
	for (int pass = atoi(argv[4]); pass > 0; pass--) {
		double start = now();
		uint64_t sum = 0;

		for (size_t i = 0; i < count; i++) {
			size_t length = PAGE;
			uint64_t word;

			require(kdump_read(dump, KDUMP_MACHPHYSADDR, frames[i] * PAGE, page, &length), "read");
			memcpy(&word, page, sizeof word);
			sum += word;
		}
		printf("%.6f %zu %016" PRIx64 "\n", now() - start, count * PAGE, sum);
		fflush(stdout);
	}
	return 0;
}
