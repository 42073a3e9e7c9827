/*
 * Runs a command and tells what it cost, its child processes among it.
 *
 *     run RESULT COMMAND [ARGUMENT...]
 *
 * Writes to RESULT: elapsed, user and system seconds, minor faults, the most KiB of one process in memory, and the exit
 * status. In C because Linux counts as the command's memory what the process that starts it has: little, here.
 */
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
	return time.tv_sec + time.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double start, elapsed;
	int status, failure;
	pid_t pid;
	FILE *result;

	if (argc < 3) {
		fprintf(stderr, "usage: run RESULT COMMAND [ARGUMENT...]\n");
		return 2;
	}
	start = now();
	failure = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
	if (failure) {
		fprintf(stderr, "%s: %s\n", argv[2], strerror(failure));
		return 1;
	}
	if (wait4(pid, &status, 0, &usage) != pid) {
		perror("wait4");
		return 1;
	}
	elapsed = now() - start;
	result = fopen(argv[1], "w");
	if (!result) {
		perror(argv[1]);
		return 1;
	}
	fprintf(result, "%.6f %.6f %.6f %ld %ld %d\n", elapsed, seconds(usage.ru_utime), seconds(usage.ru_stime),
		usage.ru_minflt, usage.ru_maxrss, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	return fclose(result) ? 1 : 0;
}
