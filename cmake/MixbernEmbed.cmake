# mixbern_embed(FILE NAME HEADER RESULT): a C++ source, named in RESULT, that defines the function
# mixbern::NAME, declared in HEADER, which returns the bytes of FILE as a std::string_view. It is made anew when FILE changes. An array rather than the
# assembler's .incbin: every compiler and every target reads it.
set(MIXBERN_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/embed.cmake")
function(mixbern_embed file name header result)
  set(input "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${file}.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} -D "INPUT=${input}" -D "OUTPUT=${output}" -D "NAME=${name}" -D "HEADER=${header}"
      -P "${MIXBERN_EMBED_SCRIPT}"
    DEPENDS "${input}" "${MIXBERN_EMBED_SCRIPT}" VERBATIM)
  set(${result} "${output}" PARENT_SCOPE)
endfunction()
