// SPDX-License-Identifier: BSL-1.0
// The runs of the demo, each told and checked by itself.
#pragma once

#include "options.hpp"
#include "story.hpp"

namespace examples {

void run_sdes(const wiretap_options& options, story& tale);
void run_noise(const wiretap_options& options, story& tale);
void run_noise_leaked(const wiretap_options& options, story& tale);
void run_one_shot(const wiretap_options& options, story& tale);
void run_interception(const wiretap_options& options, story& tale);
void run_interception_noticed(const wiretap_options& options, story& tale);
void run_group(const wiretap_options& options, story& tale);
void run_sizes(const wiretap_options& options, story& tale);

}  // namespace examples
