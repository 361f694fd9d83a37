#include "capture/live/filter_program.h"

#include <pcap.h>
#include <stdlib.h>
#include <string.h>

enum { INSTRUCTION_BYTES = 8 }; /* as written here */

/* All that bpf_filter(3) of libpcap has a case for; any other makes it abort,
 * and bpf_validate(3) lets some of those pass. */
/* NOLINTBEGIN(misc-redundant-expression): several of the parts are 0 */
static const uint16_t known_codes[] = {
	BPF_RET | BPF_K,
	BPF_RET | BPF_A,
	BPF_LD | BPF_W | BPF_ABS,
	BPF_LD | BPF_H | BPF_ABS,
	BPF_LD | BPF_B | BPF_ABS,
	BPF_LD | BPF_W | BPF_LEN,
	BPF_LDX | BPF_W | BPF_LEN,
	BPF_LD | BPF_W | BPF_IND,
	BPF_LD | BPF_H | BPF_IND,
	BPF_LD | BPF_B | BPF_IND,
	BPF_LDX | BPF_MSH | BPF_B,
	BPF_LD | BPF_IMM,
	BPF_LDX | BPF_IMM,
	BPF_LD | BPF_MEM,
	BPF_LDX | BPF_MEM,
	BPF_ST,
	BPF_STX,
	BPF_JMP | BPF_JA,
	BPF_JMP | BPF_JGT | BPF_K,
	BPF_JMP | BPF_JGE | BPF_K,
	BPF_JMP | BPF_JEQ | BPF_K,
	BPF_JMP | BPF_JSET | BPF_K,
	BPF_JMP | BPF_JGT | BPF_X,
	BPF_JMP | BPF_JGE | BPF_X,
	BPF_JMP | BPF_JEQ | BPF_X,
	BPF_JMP | BPF_JSET | BPF_X,
	BPF_ALU | BPF_ADD | BPF_X,
	BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL | BPF_X,
	BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_MOD | BPF_X,
	BPF_ALU | BPF_AND | BPF_X,
	BPF_ALU | BPF_OR | BPF_X,
	BPF_ALU | BPF_XOR | BPF_X,
	BPF_ALU | BPF_LSH | BPF_X,
	BPF_ALU | BPF_RSH | BPF_X,
	BPF_ALU | BPF_ADD | BPF_K,
	BPF_ALU | BPF_SUB | BPF_K,
	BPF_ALU | BPF_MUL | BPF_K,
	BPF_ALU | BPF_DIV | BPF_K,
	BPF_ALU | BPF_MOD | BPF_K,
	BPF_ALU | BPF_AND | BPF_K,
	BPF_ALU | BPF_OR | BPF_K,
	BPF_ALU | BPF_XOR | BPF_K,
	BPF_ALU | BPF_LSH | BPF_K,
	BPF_ALU | BPF_RSH | BPF_K,
	BPF_ALU | BPF_NEG,
	BPF_MISC | BPF_TAX,
	BPF_MISC | BPF_TXA,
};
/* NOLINTEND(misc-redundant-expression) */

static bool is_known(uint16_t code)
{
	for (size_t i = 0; i < sizeof(known_codes) / sizeof(known_codes[0]);
		i++)
		if (known_codes[i] == code)
			return true;
	return false;
}

/* libpcap takes the distance of this jump for signed: that is how it loops over
 * a chain of headers, and how a program could go on for ever. */
static bool jumps_back(const struct bpf_insn *instruction)
{
	return instruction->code == (BPF_JMP | BPF_JA) &&
	       instruction->k > INT32_MAX;
}

/* Numbers in network order, as a cursor reads them. */
void filter_program_number(uint32_t number, FILE *result)
{
	uint32_t bytes = htobe32(number);

	(void)fwrite(&bytes, sizeof(bytes), 1, result); /* as promised above */
}

void filter_program_write(const struct bpf_program *program, FILE *result)
{
	filter_program_number(program->bf_len, result);
	for (u_int i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *one = &program->bf_insns[i];

		filter_program_number((uint32_t)one->code << 16 |
					      (uint32_t)one->jt << 8 | one->jf,
			result);
		filter_program_number(one->k, result);
	}
}

static bool read_instructions(
	struct cursor *cursor, struct bpf_program *program, bool may_jump_back)
{
	for (u_int i = 0; i < program->bf_len; i++) {
		struct bpf_insn *one = &program->bf_insns[i];

		one->code = cursor_u16(cursor);
		one->jt = cursor_u8(cursor);
		one->jf = cursor_u8(cursor);
		one->k = cursor_u32(cursor);
		if (!is_known(one->code) || (jumps_back(one) && !may_jump_back))
			return false;
	}
	return !cursor_is_short(cursor) &&
	       bpf_validate(program->bf_insns, (int)program->bf_len);
}

bool filter_program_read(struct cursor *cursor, const char *expression,
	struct bpf_program *program)
{
	uint32_t count = cursor_u32(cursor);

	*program = (struct bpf_program){0, NULL};
	if (count == 0 || count > cursor->left / INSTRUCTION_BYTES)
		return false;
	program->bf_insns = calloc(count, sizeof(*program->bf_insns));
	if (!program->bf_insns)
		return false;
	program->bf_len = count;
	if (read_instructions(
		    cursor, program, strstr(expression, "protochain") != NULL))
		return true;
	pcap_freecode(program);
	return false;
}
