/*
 * A Vulkan layer that writes down what a driver makes of compute pipelines: registers, spills, machine code. Each
 * device and each pipeline becomes one line of JSON at the end of the file that PIPELINE_LOG names.
 *
 * With NULL_DEVICE=1 it adds what Mesa's null device lacks; see null_device.c.
 */
#include "layer.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <vulkan/vk_layer.h>

#define STATISTICS_EXTENSION "VK_KHR_pipeline_executable_properties"

PFN_vkGetDeviceProcAddr next_of_device;
static PFN_vkGetInstanceProcAddr next_of_instance;
static VkInstance instance;
static FILE *out;

#define NEXT_OF_INSTANCE(name) ((PFN_##name)next_of_instance(instance, #name))

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void write_string(const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    const unsigned char c = *text;
    if (c == '"' || c == '\\') fprintf(out, "\\%c", c);
    else if (c < 0x20) fprintf(out, "\\u%04x", c);
    else fputc(c, out);
  }
  fputc('"', out);
}

/* ---- Opening ---- */

/* What the loader hands down to each layer, in a chain of structures: where the next one is. */
static const void *link_in(const void *next, VkStructureType type) {
  for (const VkLayerInstanceCreateInfo *info = next; info; info = info->pNext) {
    if (info->sType == type && info->function == VK_LAYER_LINK_INFO) return info;
  }
  return NULL;
}

static VkResult VKAPI_CALL create_instance(const VkInstanceCreateInfo *info, const VkAllocationCallbacks *allocator,
                                           VkInstance *created) {
  VkLayerInstanceCreateInfo *link =
      (void *)link_in(info->pNext, VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO);
  const char *path = getenv("PIPELINE_LOG");
  if (!link || !path) return VK_ERROR_INITIALIZATION_FAILED;
  if (!out) out = fopen(path, "a");
  if (!out) return VK_ERROR_INITIALIZATION_FAILED;
  next_of_instance = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  const PFN_vkCreateInstance create = (PFN_vkCreateInstance)next_of_instance(NULL, "vkCreateInstance");
  const VkResult result = create(info, allocator, created);
  if (result == VK_SUCCESS) instance = *created;
  return result;
}

static void log_device(VkPhysicalDevice physical) {
  VkPhysicalDeviceDriverProperties driver = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
  VkPhysicalDeviceProperties2 properties = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, &driver};
  NEXT_OF_INSTANCE(vkGetPhysicalDeviceProperties2)(physical, &properties);
  fputs("{\"device\":", out);
  write_string(properties.properties.deviceName);
  fputs(",\"driver\":", out);
  write_string(driver.driverInfo);
  fputs("}\n", out);
  fflush(out);
}

/* Asks for statistics of pipelines beside what WebGPU asks for. A driver that has none fails here. */
static VkResult VKAPI_CALL create_device(VkPhysicalDevice physical, const VkDeviceCreateInfo *info,
                                         const VkAllocationCallbacks *allocator, VkDevice *created) {
  VkLayerDeviceCreateInfo *link = (void *)link_in(info->pNext, VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO);
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  next_of_device = link->u.pLayerInfo->pfnNextGetDeviceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  const char **names = malloc((info->enabledExtensionCount + 1) * sizeof *names);
  memcpy(names, info->ppEnabledExtensionNames, info->enabledExtensionCount * sizeof *names);
  names[info->enabledExtensionCount] = STATISTICS_EXTENSION;
  VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR statistics = {
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR, (void *)info->pNext, VK_TRUE};
  VkDeviceCreateInfo more = *info;
  more.pNext = &statistics;
  more.ppEnabledExtensionNames = names;
  more.enabledExtensionCount++;
  const VkResult result = NEXT_OF_INSTANCE(vkCreateDevice)(physical, &more, allocator, created);
  free(names);
  if (result == VK_SUCCESS) log_device(physical);
  return result;
}

/* ---- Pipelines ---- */

static void write_statistics(VkDevice device, const VkPipelineExecutableInfoKHR *executable) {
  uint32_t count = 0;
  NEXT(device, vkGetPipelineExecutableStatisticsKHR)(device, executable, &count, NULL);
  VkPipelineExecutableStatisticKHR *found = calloc(count, sizeof *found);
  for (uint32_t i = 0; i < count; i++) found[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR;
  NEXT(device, vkGetPipelineExecutableStatisticsKHR)(device, executable, &count, found);
  fputs(",\"statistics\":{", out);
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) fputc(',', out);
    write_string(found[i].name);
    switch (found[i].format) {
    case VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_INT64_KHR:
      fprintf(out, ":%lld", (long long)found[i].value.i64);
      break;
    case VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_FLOAT64_KHR:
      fprintf(out, ":%g", found[i].value.f64);
      break;
    case VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_BOOL32_KHR:
      fprintf(out, ":%u", found[i].value.b32);
      break;
    default:
      fprintf(out, ":%llu", (unsigned long long)found[i].value.u64);
    }
  }
  fputc('}', out);
  free(found);
}

/* The machine code as text, if the driver gives it. */
static void write_assembly(VkDevice device, const VkPipelineExecutableInfoKHR *executable) {
  const PFN_vkGetPipelineExecutableInternalRepresentationsKHR get =
      NEXT(device, vkGetPipelineExecutableInternalRepresentationsKHR);
  uint32_t count = 0;
  get(device, executable, &count, NULL);
  VkPipelineExecutableInternalRepresentationKHR *found = calloc(count, sizeof *found);
  for (uint32_t i = 0; i < count; i++) {
    found[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR;
  }
  get(device, executable, &count, found);
  for (uint32_t i = 0; i < count; i++) found[i].pData = calloc(1, found[i].dataSize + 1);
  get(device, executable, &count, found);
  for (uint32_t i = 0; i < count; i++) {
    if (found[i].isText && strstr(found[i].name, "ssembly")) {
      fputs(",\"assembly\":", out);
      write_string(found[i].pData);
      break;
    }
  }
  for (uint32_t i = 0; i < count; i++) free(found[i].pData);
  free(found);
}

static void write_executables(VkDevice device, VkPipeline pipeline) {
  const VkPipelineInfoKHR info = {VK_STRUCTURE_TYPE_PIPELINE_INFO_KHR, NULL, pipeline};
  uint32_t count = 0;
  NEXT(device, vkGetPipelineExecutablePropertiesKHR)(device, &info, &count, NULL);
  VkPipelineExecutablePropertiesKHR *found = calloc(count, sizeof *found);
  for (uint32_t i = 0; i < count; i++) found[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_PROPERTIES_KHR;
  NEXT(device, vkGetPipelineExecutablePropertiesKHR)(device, &info, &count, found);
  for (uint32_t i = 0; i < count; i++) {
    const VkPipelineExecutableInfoKHR executable = {VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, NULL, pipeline, i};
    fputs(i > 0 ? ",{\"name\":" : "{\"name\":", out);
    write_string(found[i].name);
    fprintf(out, ",\"subgroupSize\":%u", found[i].subgroupSize);
    write_statistics(device, &executable);
    write_assembly(device, &executable);
    fputc('}', out);
  }
  free(found);
}

static VkResult VKAPI_CALL create_compute_pipelines(VkDevice device, VkPipelineCache cache, uint32_t count,
                                                    const VkComputePipelineCreateInfo *infos,
                                                    const VkAllocationCallbacks *allocator, VkPipeline *created) {
  VkComputePipelineCreateInfo *more = malloc(count * sizeof *more);
  memcpy(more, infos, count * sizeof *more);
  for (uint32_t i = 0; i < count; i++) {
    more[i].flags |= VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR |
                     VK_PIPELINE_CREATE_CAPTURE_INTERNAL_REPRESENTATIONS_BIT_KHR;
  }
  const double start = milliseconds();
  const VkResult result = NEXT(device, vkCreateComputePipelines)(device, cache, count, more, allocator, created);
  const double took = milliseconds() - start;
  free(more);
  for (uint32_t i = 0; i < count; i++) {
    fprintf(out, "{\"result\":%d,\"milliseconds\":%.1f,\"executables\":[", result, took / count);
    if (result == VK_SUCCESS) write_executables(device, created[i]);
    fputs("]}\n", out);
  }
  fflush(out);
  return result;
}

/* ---- Names ---- */

static PFN_vkVoidFunction VKAPI_CALL device_function(VkDevice device, const char *name);
static PFN_vkVoidFunction VKAPI_CALL instance_function(VkInstance of, const char *name);

static const Entry always[] = {
    ENTRY("vkCreateInstance", create_instance),
    ENTRY("vkCreateDevice", create_device),
    ENTRY("vkCreateComputePipelines", create_compute_pipelines),
    ENTRY("vkGetDeviceProcAddr", device_function),
    ENTRY("vkGetInstanceProcAddr", instance_function),
    {NULL, NULL},
};

static PFN_vkVoidFunction own_function(const char *name) {
  const Entry *tables[] = {always, getenv("NULL_DEVICE") ? on_null_device : NULL};
  for (int i = 0; i < 2; i++) {
    for (const Entry *entry = tables[i]; entry && entry->name; entry++) {
      if (strcmp(entry->name, name) == 0) return entry->function;
    }
  }
  const int is_command = strncmp(name, "vkCmd", 5) == 0;
  return is_command && tables[1] ? (PFN_vkVoidFunction)succeed : NULL;
}

static PFN_vkVoidFunction VKAPI_CALL device_function(VkDevice device, const char *name) {
  const PFN_vkVoidFunction own = own_function(name);
  return own ? own : next_of_device(device, name);
}

static PFN_vkVoidFunction VKAPI_CALL instance_function(VkInstance of, const char *name) {
  const PFN_vkVoidFunction own = own_function(name);
  return own ? own : next_of_instance(of, name);
}

VKAPI_ATTR VkResult VKAPI_CALL vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface *versions) {
  versions->loaderLayerInterfaceVersion = 2;
  versions->pfnGetInstanceProcAddr = instance_function;
  versions->pfnGetDeviceProcAddr = device_function;
  versions->pfnGetPhysicalDeviceProcAddr = NULL;
  return VK_SUCCESS;
}
