/* One case: its facts, the measured values, and the placeholders for these in
 * texts. */
#ifndef ANALYSIS_PATH_PATH_CASE_H
#define ANALYSIS_PATH_PATH_CASE_H

#include "analysis/path/path_row.h"
#include "probe/protocol/section_comment.h"

/* From one hop to the next one known; HOP_NOT_KNOWN. */
struct path_stretch {
	int after, before;
};

struct path_figures {
	uint32_t mtu;
	uint32_t mtu_echo, mtu_fragments; /* of the way back, by echo */
	struct path_stretch link;
	struct path_stretch later_link; /* of later fragments */
	int hop, limited_after;
	struct address reporter;
	uint32_t mss_sent, mss_arrived;
	double percent, percent_large, percent_low, percent_high;
	enum dropped_fragments fragments;
	enum header_field field;
	struct idle_figures idle;
	struct injector_figures injector;
	struct ssh_figures ssh;
	struct tls_figures tls;
};

/* Words in braces. */
enum path_word {
	PATH_WORD_MTU,	  /* "1400" */
	PATH_WORD_MSS,	  /* that makes packets of this size */
	PATH_WORD_PTB,	  /* "ICMP type 3 code 4" */
	PATH_WORD_PLACE,  /* "at hop 3" */
	PATH_WORD_SIZE,	  /* another size than the MTU, in bytes */
	PATH_WORD_NEXT,	  /* another size */
	PATH_WORD_BEFORE, /* a size that arrived earlier */
	PATH_WORD_MOST,	  /* the largest of some, or the least */
	PATH_WORD_PARITY, /* of ports that were not measured */
	PATH_WORD_FROM,	  /* sizes that were not tried between */
	PATH_WORD_TO,
	PATH_WORD_CAPTURE, /* how many packets this host's capture lost */
	PATH_WORD_SENT,	   /* how many */
	PATH_WORD_ARRIVED, /* of them */
	PATH_WORD_ON,	   /* "on 2 connections" */
	PATH_WORD_HOP,	   /* "3" */
	PATH_WORD_NEXT_HOP,
	PATH_WORD_ERROR,       /* "host unreachable" */
	PATH_WORD_KEEPALIVE,   /* "115" seconds */
	PATH_WORD_SURVIVED,    /* "348.0" seconds */
	PATH_WORD_CLOSES,      /* "120.0" seconds */
	PATH_WORD_PORT,	       /* "22" */
	PATH_WORD_TRIGGER,     /* "tls:example.org" */
	PATH_WORD_WAIT,	       /* "5.0" seconds */
	PATH_WORD_OPEN,	       /* "3" connections at once */
	PATH_WORD_DSCP,	       /* "18" */
	PATH_WORD_LINE,	       /* "HostKeyAlgorithms +ssh-rsa" */
	PATH_WORD_SERVER_LINE, /* the same of the server */
	PATH_WORD_ALERT,       /* "handshake_failure" */
	PATH_WORD_VERSION,     /* "TLS 1.0" */
	PATH_WORD_SUITE,       /* "TLS_RSA_WITH_RC4_128_SHA" */
	PATH_WORD_SPEAKS,      /* "HTTP" */
	PATH_WORD_NAME,	       /* "www.example.org" */
	PATH_WORD_PROBE,       /* "sudo culprit probe 192.0.2.7 -p 22" */
	PATH_WORD_PROBE_HOST,  /* "sudo culprit probe 192.0.2.7" */
	PATH_WORD_SSH_TARGET,  /* "-p 22 192.0.2.7", of ssh */
	PATH_WORD_ENDPOINT,    /* "192.0.2.7:22" */
	PATH_WORD_OWN,	       /* this host's address */
	PATH_WORD_LOG, /* of the server's program: "journalctl -u ssh" */
	PATH_WORD_COUNT,
};

enum { PATH_WORD_BYTES = 256 };

struct path_words {
	char word[PATH_WORD_COUNT][PATH_WORD_BYTES];
};

struct path_case {
	enum path_subject subject;
	uint8_t family;
	struct path_facts facts;
	struct path_figures figures;
	struct path_words words;
};

/* Who takes cases. */
struct path_case_sink {
	void (*take)(void *context, const struct path_case *one);
	void *context;
};

void path_case_begin(
	struct path_case *one, enum path_subject subject, uint8_t family);
void path_case_word(struct path_words *words, enum path_word word,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Fills in the commands that probe this target again. */
void path_case_commands(
	struct path_words *words, const struct section_comment *comment);
/* Fills in where the log of the server's program is. */
void path_case_log(struct path_words *words, uint16_t port, bool is_ssh);
/* A text with its words filled in. */
void path_case_text(const struct path_words *words, const char *text, char *out,
	size_t out_bytes);
/* "mtu" */
const char *path_case_key(enum path_word word);

#endif
