/*
 * What the null device of Mesa's driver for AMD's cards lacks, so that WebGPU opens it: memory, which is that of this
 * process, and semaphores that count, which nobody waits for. The device compiles, and never runs anything.
 */
#include "layer.h"
#include <stdlib.h>
#include <string.h>

static void fill_memory(VkPhysicalDeviceMemoryProperties *memory) {
  const VkMemoryPropertyFlags host = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  memset(memory, 0, sizeof *memory);
  memory->memoryHeapCount = 2;
  memory->memoryHeaps[0] = (VkMemoryHeap){16ull << 30, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT};
  memory->memoryHeaps[1] = (VkMemoryHeap){16ull << 30, 0};
  memory->memoryTypeCount = 3;
  memory->memoryTypes[0] = (VkMemoryType){VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0};
  memory->memoryTypes[1] = (VkMemoryType){host, 1};
  memory->memoryTypes[2] = (VkMemoryType){host | VK_MEMORY_PROPERTY_HOST_CACHED_BIT, 1};
}

static void VKAPI_CALL get_memory_properties(VkPhysicalDevice physical, VkPhysicalDeviceMemoryProperties *memory) {
  fill_memory(memory);
}

static void VKAPI_CALL get_memory_properties_2(VkPhysicalDevice physical, VkPhysicalDeviceMemoryProperties2 *memory) {
  fill_memory(&memory->memoryProperties);
  for (VkBaseOutStructure *more = memory->pNext; more; more = more->pNext) {
    if (more->sType != VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT) continue;
    VkPhysicalDeviceMemoryBudgetPropertiesEXT *budget = (void *)more;
    budget->heapBudget[0] = budget->heapBudget[1] = 16ull << 30;
    budget->heapUsage[0] = budget->heapUsage[1] = 0;
  }
}

static void VKAPI_CALL get_buffer_memory_requirements(VkDevice device, VkBuffer buffer, VkMemoryRequirements *needs) {
  NEXT(device, vkGetBufferMemoryRequirements)(device, buffer, needs);
  needs->memoryTypeBits = 7;
}

static VkResult VKAPI_CALL allocate_memory(VkDevice device, const VkMemoryAllocateInfo *info,
                                           const VkAllocationCallbacks *allocator, VkDeviceMemory *memory) {
  void *bytes = calloc(1, info->allocationSize);
  *memory = (VkDeviceMemory)bytes;
  return bytes ? VK_SUCCESS : VK_ERROR_OUT_OF_DEVICE_MEMORY;
}

static void VKAPI_CALL free_memory(VkDevice device, VkDeviceMemory memory, const VkAllocationCallbacks *allocator) {
  free((void *)memory);
}

static VkResult VKAPI_CALL map_memory(VkDevice device, VkDeviceMemory memory, VkDeviceSize offset, VkDeviceSize size,
                                      VkMemoryMapFlags flags, void **mapped) {
  *mapped = (char *)memory + offset;
  return VK_SUCCESS;
}

static VkResult VKAPI_CALL bind_buffer_memory(VkDevice device, VkBuffer buffer, VkDeviceMemory memory,
                                              VkDeviceSize offset) {
  return VK_SUCCESS;
}

/* The driver would look for the card's memory behind buffers. */
static void VKAPI_CALL update_descriptor_sets(VkDevice device, uint32_t count, const VkWriteDescriptorSet *writes,
                                              uint32_t copied, const VkCopyDescriptorSet *copies) {}

/* What is recorded never runs. */
VkResult VKAPI_CALL succeed(void) { return VK_SUCCESS; }

/* The null device has plain semaphores only: one that counts becomes a plain one. */
static VkResult VKAPI_CALL create_semaphore(VkDevice device, const VkSemaphoreCreateInfo *info,
                                            const VkAllocationCallbacks *allocator, VkSemaphore *semaphore) {
  VkSemaphoreCreateInfo plain = *info;
  plain.pNext = NULL;
  return NEXT(device, vkCreateSemaphore)(device, &plain, allocator, semaphore);
}

const Entry on_null_device[] = {
    ENTRY("vkGetPhysicalDeviceMemoryProperties", get_memory_properties),
    ENTRY("vkGetPhysicalDeviceMemoryProperties2", get_memory_properties_2),
    ENTRY("vkGetBufferMemoryRequirements", get_buffer_memory_requirements),
    ENTRY("vkAllocateMemory", allocate_memory),
    ENTRY("vkFreeMemory", free_memory),
    ENTRY("vkMapMemory", map_memory),
    ENTRY("vkBindBufferMemory", bind_buffer_memory),
    ENTRY("vkBeginCommandBuffer", succeed),
    ENTRY("vkEndCommandBuffer", succeed),
    ENTRY("vkUpdateDescriptorSets", update_descriptor_sets),
    ENTRY("vkCreateSemaphore", create_semaphore),
    {NULL, NULL},
};
