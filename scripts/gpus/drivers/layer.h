/* What the parts of the layer share. */
#include <vulkan/vulkan.h>

/* A function that takes the place of Vulkan's of that name. */
typedef struct {
  const char *name;
  PFN_vkVoidFunction function;
} Entry;

#define ENTRY(name, function) {name, (PFN_vkVoidFunction)function}

/* The functions that make up for what a null device lacks, and at the end an entry without a name. */
extern const Entry on_null_device[];

/* The one for commands in command buffers. */
VkResult VKAPI_CALL succeed(void);

extern PFN_vkGetDeviceProcAddr next_of_device;

/* The driver's own function of a name. */
#define NEXT(device, name) ((PFN_##name)next_of_device(device, #name))
