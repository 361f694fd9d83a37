#include "cli/client_algorithms.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/input_file.h"

enum { LINE_BYTES = 4096 };

/* `ssh -G -F none` of OpenSSH 9.2. */
static const struct ssh_profile usual = {
	.list = {
		[SSH_CLASS_KEX] =
			"sntrup761x25519-sha512,"
			"sntrup761x25519-sha512@openssh.com,"
			"curve25519-sha256,curve25519-sha256@libssh.org,"
			"ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
			"ecdh-sha2-nistp521,"
			"diffie-hellman-group-exchange-sha256,"
			"diffie-hellman-group16-sha512,"
			"diffie-hellman-group18-sha512,"
			"diffie-hellman-group14-sha256",
		[SSH_CLASS_HOST_KEY] =
			"ssh-ed25519-cert-v01@openssh.com,"
			"ecdsa-sha2-nistp256-cert-v01@openssh.com,"
			"ecdsa-sha2-nistp384-cert-v01@openssh.com,"
			"ecdsa-sha2-nistp521-cert-v01@openssh.com,"
			"sk-ssh-ed25519-cert-v01@openssh.com,"
			"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
			"rsa-sha2-512-cert-v01@openssh.com,"
			"rsa-sha2-256-cert-v01@openssh.com,"
			"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
			"ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"
			"sk-ecdsa-sha2-nistp256@openssh.com,"
			"rsa-sha2-512,rsa-sha2-256",
		[SSH_CLASS_CIPHER] =
			"chacha20-poly1305@openssh.com,"
			"aes128-ctr,aes192-ctr,aes256-ctr,"
			"aes128-gcm@openssh.com,aes256-gcm@openssh.com",
		[SSH_CLASS_MAC] =
			"umac-64-etm@openssh.com,umac-128-etm@openssh.com,"
			"hmac-sha2-256-etm@openssh.com,"
			"hmac-sha2-512-etm@openssh.com,"
			"hmac-sha1-etm@openssh.com,"
			"umac-64@openssh.com,umac-128@openssh.com,"
			"hmac-sha2-256,hmac-sha2-512,hmac-sha1",
	}};

static const char *const words[SSH_CLASS_COUNT] = {
	[SSH_CLASS_KEX] = "KexAlgorithms",
	[SSH_CLASS_HOST_KEY] = "HostKeyAlgorithms",
	[SSH_CLASS_CIPHER] = "Ciphers",
	[SSH_CLASS_MAC] = "MACs",
};

/* Names of algorithms have printable characters without commas (RFC 4251, 6);
 * a list that begins with +, - or ^ is none by itself. */
static bool is_list(const char *text)
{
	if (!*text || strchr("+-^,", *text) ||
		strlen(text) >= SSH_PROFILE_BYTES)
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

/* "Word list" or "Word=list"; other lines are skipped. False for a list that
 * is none. `*count` counts the lists. */
static bool take_line(char *line, struct ssh_profile *profile, unsigned *count)
{
	char *word = line + strspn(line, " \t"), *list;
	size_t length = strcspn(word, " \t=\r\n");

	list = word + length;
	list += strspn(list, " \t=");
	list[strcspn(list, " \t\r\n")] = '\0';
	for (int i = 0; i < SSH_CLASS_COUNT; i++) {
		if (strlen(words[i]) != length ||
			strncasecmp(words[i], word, length) != 0)
			continue;
		if (!is_list(list))
			return false;
		(void)strcpy(profile->list[i], list); /* is_list: it fits */
		(*count)++;
	}
	return true;
}

static bool take_lines(FILE *file, const char *name,
	struct ssh_profile *profile, struct failure *failure)
{
	char line[LINE_BYTES];
	unsigned number = 0, lists = 0;

	while (fgets(line, sizeof(line), file)) {
		number++;
		if (!strchr(line, '\n') && !feof(file))
			return failure_set(failure, EXIT_USAGE,
				"%.200s: line %u is longer than %d bytes", name,
				number, LINE_BYTES - 2);
		if (!take_line(line, profile, &lists))
			return failure_set(failure, EXIT_USAGE,
				"%.200s: line %u is no list of algorithms; "
				"`ssh -G HOST` prints whole ones",
				name, number);
	}
	if (ferror(file))
		return failure_set(failure, EXIT_USAGE,
			"%.200s can't be read: %s", name, strerror(errno));
	if (lists == 0)
		return failure_set(failure, EXIT_USAGE,
			"%.200s: no line begins with KexAlgorithms, "
			"HostKeyAlgorithms, Ciphers or MACs, as `ssh -G HOST` "
			"prints them",
			name);
	return true;
}

/* What this host's own client proposes, without anybody's configuration. The
 * child has nothing open but the pipe. */
_Noreturn static void ask_ssh(int descriptor)
{
	static char *const nothing[] = {NULL};
	int silence = open("/dev/null", O_RDWR);

	if (silence < 0 || dup2(silence, STDIN_FILENO) < 0 ||
		dup2(silence, STDERR_FILENO) < 0 ||
		dup2(descriptor, STDOUT_FILENO) < 0 ||
		close_range(STDERR_FILENO + 1, UINT_MAX, 0) < 0)
		_exit(1);
	(void)execle("/usr/bin/ssh", "ssh", "-G", "-F", "none", "localhost",
		(char *)NULL, nothing);
	_exit(1);
}

/* Without ssh, or a pipe to it, `algorithms->file` stays NULL. */
static void start_own(struct client_algorithms *algorithms)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return;
	algorithms->child = fork();
	if (algorithms->child == 0)
		ask_ssh(pipes[1]);
	(void)close(pipes[1]); /* a pipe */
	algorithms->file = fdopen(pipes[0], "r");
	if (!algorithms->file)
		(void)close(pipes[0]); /* a pipe */
}

static bool open_file(struct client_algorithms *algorithms,
	struct run_files *files, struct failure *failure)
{
	algorithms->file = input_file_open(algorithms->name);
	if (!algorithms->file)
		return failure_set(failure, EXIT_USAGE,
			"%.200s can't be read: %s", algorithms->name,
			strerror(errno));
	return run_files_add_input(files, fileno(algorithms->file),
		algorithms->name, failure);
}

bool client_algorithms_open(struct client_algorithms *algorithms,
	const char *name, struct run_files *files, struct failure *failure)
{
	algorithms->name = name;
	if (name)
		return open_file(algorithms, files, failure);
	start_own(algorithms);
	return true;
}

/* False where there is no ssh, or it prints something else. */
static bool read_own(
	struct client_algorithms *algorithms, struct ssh_profile *profile)
{
	struct failure ignored;
	bool is_read = algorithms->file && take_lines(algorithms->file,
						   "ssh -G", profile, &ignored);
	int status = 1;

	client_algorithms_close(algorithms); /* ends a writer */
	if (algorithms->child <= 0)
		return false;
	while (waitpid(algorithms->child, &status, 0) < 0 && errno == EINTR)
		;
	return is_read && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool client_algorithms_read(struct client_algorithms *algorithms,
	struct ssh_profile *profile, struct failure *failure)
{
	*profile = usual;
	if (algorithms->name)
		return take_lines(algorithms->file, algorithms->name, profile,
			failure);
	if (!read_own(algorithms, profile))
		*profile = usual;
	return true;
}

void client_algorithms_close(struct client_algorithms *algorithms)
{
	if (algorithms->file)
		(void)fclose(algorithms->file); /* only read */
	algorithms->file = NULL;
}
