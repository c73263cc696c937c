# Published vector files too large for this repository, run by sotto_vectors where SOTTO_VECTORS_DIR names them.
if(NOT SOTTO_VECTORS_DIR)
  sotto_skip_test(vectors "SOTTO_VECTORS_DIR is not set")
  return()
endif()

set(patterns nist/gcm* nist/ECB* nist/SHA* nist/HMAC* nist/srtp_kdf* nist/sp800* wycheproof/aes_gcm_test.json
             wycheproof/*chacha20_poly1305_test.json wycheproof/hmac_sha*_test.json wycheproof/hkdf_sha*_test.json
             wycheproof/x25519_test.json srtp/*.json noise/*.json sframe/*.json)
# A million multiplications in a chain: on the best kernel (sotto_vectors --long runs all), or left out where everything is
# slow.
set(chains)
if(SOTTO_TEST_SUBSET)
  set(chains --short)
endif()
get_filename_component(folder ${SOTTO_VECTORS_DIR} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
foreach(pattern IN LISTS patterns)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/${pattern})
  if(NOT files)
    sotto_skip_test(vectors/${pattern} "no such file in ${SOTTO_VECTORS_DIR}")
  endif()
  foreach(file IN LISTS files)
    file(RELATIVE_PATH name ${folder} ${file})
    add_test(NAME vectors/${name} COMMAND sotto_vectors ${chains} ${file})
    set_tests_properties(vectors/${name} PROPERTIES LABELS vectors SKIP_RETURN_CODE 77)
  endforeach()
endforeach()
