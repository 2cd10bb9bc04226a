/** Tiny files of many kinds, written by Pillow or byte by byte, with what Pillow 9.4 decodes them to. */

/** A file, and its pixels. */
export interface KnownPicture {
  /** What kind of file it is. */
  readonly kind: string;
  /** The file, in base64. */
  readonly file: string;
  /** Red, green, blue and alpha of each pixel, in base64. */
  readonly pixels: string;
  /** Levels by which decoders may differ, where the format has loss. */
  readonly tolerance?: number;
}

/** The files. */
export const knownPictures: readonly KnownPicture[] = [
  {
    kind: "interlaced PNG",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAFCAIAAAGePTonAAAAcElEQVR42gFlAJr/AC0EdgDj2ioA8lWbXSvKAAN88AAEwXMA" +
      "+1Y9EVERyo+dALhre9i6G6EFHQDLEFxKyeZcK28AXXUTnrxq1LvfAFAowdBXURwVtZgOembYt5mM8gC6EAXETLK77WZbzcKm" +
      "zqP0VbwRmi0UMexNcQAAAABJRU5ErkJggg==",
    pixels:
      "LQR2/7hre/8DfPD/2Lob/+PaKv+hBR3/UCjB/9BXUf8cFbX/mA56/2bYt/+ZjPL/+1Y9/8sQXP8RURH/Ssnm/8qPnf9cK2//" +
      "uhAF/8RMsv+77Wb/W83C/6bOo//0Vbz/8lWb/111E/8EwXP/nrxq/10ryv/Uu9//",
  },
  {
    kind: "PNG with filters",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJCAIAAABv85FHAAAAr0lEQVR42gXBsUpCUQAA0BPcwDW4QdfVTZeW5miJZqEnJPgD" +
      "TY5Bi0MNNVm0R4OBLk4NFjn4oNGtSEgddMshbGrqnA2+o6foL3qOBtE8WkQf0V6Q3mhRoU/OA9hnHKRDjljzyw/nbLHJbZCK" +
      "5NSp8col23SpBmnCBTlLpjRBmyxIN8x4p8sxPTJKzIN0xidXfLFLxiM7XAepQ4ERJ5SYcs8LB0FqU2ZIg1OaLFlx9w+N/y4H" +
      "V0SnHwAAAABJRU5ErkJggg==",
    pixels:
      "AADs/xQAov8oAJz/PABX/1AAEf9kAPH/eADV/4wArP+gAOH/ABmz/xQZI/8oGU7/PBn+/1AZwv9kGZP/eBmT/4wZ0v+gGbD/" +
      "ADL5/xQya/8oMl7/PDLy/1Ays/9kMg//eDIg/4wymP+gMiv/AEsT/xRL1/8oSzL/PEtJ/1BLB/9kS43/eEui/4xLTP+gS33/" +
      "AGTt/xRkcv8oZPb/PGTb/1Bkuf9kZCr/eGQq/4xku/+gZBH/AH1//xR9Uf8ofcz/PH12/1B9y/9kfdX/eH0r/4x93v+gffH/" +
      "AJb4/xSW0f8ollv/PJY4/1CWpv9klvz/eJbS/4yW9v+gloH/AK+e/xSvpv8orx7/PK94/1Cvyf9kr9r/eK9y/4yvLv+gr2//" +
      "AMgv/xTIWf8oyN3/PMg7/1DI4/9kyFT/eMg5/4zIG/+gyAT/",
  },
  {
    kind: "PNG with a 4-bit palette and transparency",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAFBAMAAACUdoDVAAAAMFBMVEW+z39EzLXLg2FTf6fcPXGdCkw7J4kAAAAAAAAAAAAA" +
      "AAAAAAAAAAAAAAAAAAAAAAAje6qsAAAAA3RSTlMAgP/s97MYAAAAHElEQVR4nGNIMmJlSEkVZnBNVGMIYWRhcBJIAAAjTwNN" +
      "ec1tIAAAAABJRU5ErkJggg==",
    pixels:
      "OyeJ/8uDYf9Tf6f/y4Nh/77PfwCdCkz/OyeJ/9w9cf87J4n/nQpM/0TMtYBTf6f/3D1x/50KTP87J4n/RMy1gMuDYf87J4n/" +
      "nQpM/9w9cf++z38ARMy1gL7PfwDcPXH/3D1x/8uDYf9EzLWAvs9/ADsnif++z38A",
  },
  {
    kind: "gray PNG with a transparent level",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAFCAAAAABDM8I6AAAAAnRSTlMALTNMkU0AAAAuSURBVHicASMA3P8ALbgD2OOhBCMY" +
      "GcDOMwD7yxFKylwCv/mqEdyYAPJdBJ5d1AbaD7C23bpxAAAAAElFTkSuQmCC",
    pixels:
      "LS0tALi4uP8DAwP/2NjY/+Pj4/+hoaH/UFBQ/9DQ0P8cHBz/mJiY/2ZmZv+ZmZn/+/v7/8vLy/8RERH/SkpK/8rKyv9cXFz/" +
      "urq6/8TExP+7u7v/W1tb/6ampv/09PT/8vLy/11dXf8EBAT/np6e/11dXf/U1NT/",
  },
  {
    kind: "PNG with a transparent color",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAFCAIAAADpOgqxAAAABnRSTlMA0ABXAFGSzCGfAAAAaklEQVR4nAFfAKD/AS0Edotn" +
      "BUsRddU+KwsgD74r8wIjJEsY7NYZmcXAVF+D/o34h9UA+1Y9yxBcEVERSsnmyo+dXCtvAboQBQo8rfehtKDgXEsB4U6HGQI4" +
      "RZaZKWFJ1A1D76i3XSfgZiMMESeCkS6P/AAAAABJRU5ErkJggg==",
    pixels:
      "LQR2/7hre/8DfPD/2Lob/+PaKv+hBR3/UCjB/9BXUQAcFbX/mA56/2bYt/+ZjPL/+1Y9/8sQXP8RURH/Ssnm/8qPnf9cK2//" +
      "uhAF/8RMsv+77Wb/W83C/6bOo//0Vbz/8lWb/111E/8EwXP/nrxq/10ryv/Uu9//",
  },
  {
    kind: "PNG with 16 bits a channel",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADEAIAAABrBuXSAAAAVklEQVR42gFLALT/ACCGjnddzelqUEzuRT0Ea571v5hx7qCJ" +
      "8QA6YLaEhYWBZiLwJRnt+fS/90Zblwu+jc0AvH6l5Q2MO520tA4Z2LP9Mz9vDdr6zMRnnNsnDHTFEGMAAAAASUVORK5CYII=",
    pixels: "II5d/+lQ7v89a/X/mO6J/zq2hf+BIiX/7fT3/1sLjf+8pQ3/O7QO/9j9P/8N+sT/",
  },
  {
    kind: "gray PNG of 2 bits",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACAgAAAAAQczoeAAAADElEQVR42mOQZngCAAE5AQB7mUI3AAAAAElFTkSuQmCC",
    pixels: "AAAA/1VVVf+qqqr///////////+qqqr/VVVV/wAAAP8=",
  },
  {
    kind: "animated PNG",
    file: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACGFjVEwAAAADAAAAAM7tusAAAAAaZmNUTAAAAAAAAAAEAAAA" +
      "BAAAAAAAAAAAAAAD6AAA0sGBcQAAAD9JREFUeJwBNADL/wBzeelaDZxPrfFbPg0A1BPytOjPMCz1SskrBHiYTXP4EhzbGsTJ" +
      "hAJE7lknp4oNHM26qBVxZheRj7i7fAAAABpmY1RMAAAAAQAAAAQAAAAEAAAAAAAAAAAAAAPoAABJsmulAAAAQ2ZkQVQAAAAC" +
      "eJwBNADL/wHmiiS41sOb25RE9OQExO3rywqLzQqAqLTPAW7vTCmmJKi/MwkEtwTk5D+WKPXC6awQrvf5zRxUL4WM5wAAABpm" +
      "Y1RMAAAAAwAAAAQAAAAEAAAAAAAAAAAAAAPoAACkJLhMAAAAQ2ZkQVQAAAAEeJwBNADL/wF72x3brI/EOeJpocIA4/0sNarC" +
      "0U01El+PAN4IFqarHxgHpUc9qQEeiBfyIrJlvOme4DSJZxfTBKUNPwAAAABJRU5ErkJggg==",
    pixels: "c3np/1oNnP9PrfH/Wz4N/9QT8v+06M//MCz1/0rJK/9Mqz//v+BR/0wHa/8Qkq//kJmY/+aH2/9ZIzj/yjrE/w==",
  },
  {
    kind: "animated WebP",
    file: "UklGRuABAABXRUJQVlA4WAoAAAACAAAAAwAAAwAAQU5JTQYAAAAAAAAAAABBTk1GjAAAAAAAAAAAAAMAAAMAAAAAAAJWUDhM" +
      "dAAAAC8DwAAAf6AmstVoBiVYoL4s0KODQQhlji6mYiEKIkVtG0lq8iC7e46YX00kKZIjQkiJwAgGKBxg6NNCeAbOxfxHhzq2" +
      "2BUZsQMHeJWoh4bQcX5wFP/kawoNV0CmD6ohW6Hug+RiBpBWXzEEE0lE/6N6sv4DQU5NRowAAAAAAAAAAAADAAADAAAAAAAA" +
      "VlA4THQAAAAvA8AAAH+gqLZ26J8QwdFGGiWspwZjBw2sLPWRRXEkSWny/HD4eRYoqm0lysChBFsa0IUGzrNuTWQXCxjB7fzH" +
      "kbWS8f/mjEg8YmJtPkkv31E44HlkCzFP7PHdXC1VUAwADfSKLJwskhjGhG6riP5HWh9EAUFOTUaMAAAAAAAAAAAAAwAAAwAA" +
      "AAAAAFZQOExzAAAALwPAAAB/oCYAkKYLcehDBQrQgJN/e/nZwtMEdlHbRpKavHtmhhDDVxPZTpRbQoxETESgBC2IoLsqNFAx" +
      "uJj/sLQ7GR6mzbsm32EVzEbKg5HdZUgUrAK+Q79b/vrcwSwAJtcwBjC6rbKIJ474Ivofe+YPBAA=",
    pixels: "c3np/1oNnP9PrfH/Wz4N/9QT8v+06M//MCz1/0rJK/9Mqz//v+BR/0wHa/8Qkq//kJmY/+aH2/9ZIzj/yjrE/w==",
  },
  {
    kind: "animated GIF",
    file: "R0lGODdhBgAGAIIAAAD/AB/rCz7XFl3DIXyvLJubN7qHQtlzTSwAAAAABgAGAAAIJwAJEDBAQACBAAMEGDRgoADCAwEASBwA" +
      "QGEAAwcIDDAA4ECBAwMCAgAsAAAAAAYABgCCAP8AH+sLPtcWXcMhfK8sm5s3uodC2XNNCCQACxAYcOCAAYIEBBYocNAAAQMO" +
      "CRAIMOCgAAMABgwAsFAAgYAAOw==",
    pixels:
      "fK8s/3yvLP+6h0L/fK8s/z7XFv98ryz/H+sL/13DIf8+1xb/PtcW/3yvLP+6h0L/uodC/5ubN/8f6wv/XcMh/9lzTf8f6wv/" +
      "AP8A/wD/AP8A/wD/XcMh/wD/AP8+1xb/PtcW/x/rC/+6h0L/2XNN/3yvLP9dwyH/uodC/wD/AP/Zc03/m5s3/9lzTf9dwyH/",
  },
  {
    kind: "GIF whose frame is larger than its screen",
    file: "R0lGODdhAgADAIIAAAD/AB/rCz7XFl3DIXyvLJubN7qHQtlzTSwAAAAABgAGAAAIJwAJEDBAQACBAAMEGDRgoADCAwEASBwA" +
      "QGEAAwcIDDAA4ECBAwMCAgAsAAAAAAYABgCCAP8AH+sLPtcWXcMhfK8sm5s3uodC2XNNCCQACxAYcOCAAYIEBBYocNAAAQMO" +
      "CRAIMOCgAAMABgwAsFAAgYAAOw==",
    pixels:
      "fK8s/3yvLP+6h0L/fK8s/z7XFv98ryz/H+sL/13DIf8+1xb/PtcW/3yvLP+6h0L/uodC/5ubN/8f6wv/XcMh/9lzTf8f6wv/" +
      "AP8A/wD/AP8A/wD/XcMh/wD/AP8+1xb/PtcW/x/rC/+6h0L/2XNN/3yvLP9dwyH/uodC/wD/AP/Zc03/m5s3/9lzTf9dwyH/",
  },
  {
    kind: "GIF with a transparent color",
    file: "R0lGODlhBQAFAIEAAAAAAP8AAAD/AAAA/yH5BAEAAAIALAAAAAAFAAUAAAgXAAUIGABgwIAAAgAULJhQoUEACQcCCAgAOw==",
    pixels:
      "AP8AAAD/AAAAAP//AAAA/wAA//8AAP///wAA/wD/AAAAAAD/AAAA/wAA//8AAAD/AAD//wD/AAAAAAD/AAAA/wAAAP8AAP//" +
      "AAD//wAAAP8A/wAAAAAA/wD/AAAAAP//AAAA/w==",
  },
  {
    kind: "BMP with rows from the top",
    file: "Qk2uAAAAAAAAADYAAAAoAAAABwAAAPv///8BABgAAAAAAHgAAAAAAAAAAAAAAAAAAAAAAAAANN44m3zqS4TDvBQv4ChwS2lF" +
      "mJOgAAAAQEhDKiRTMPT1sjQGkwXGo4MAzEL7AAAAAOvdZfp3xIvPFgd79kAckNCh7M+iAAAAGNLoiwlcMA3Lyj5dfaJZ8O+U" +
      "WNccAAAAgmEZA171eRzbcYPYkgXMzPtoczANAAAA",
    pixels:
      "ON40/+p8m//DhEv/LxS8/3Ao4P9FaUv/oJOY/0NIQP9TJCr/9fQw/wY0sv/GBZP/AIOj//tCzP/d6wD/d/pl/8+LxP97Bxb/" +
      "HED2/6HQkP+iz+z/6NIY/1wJi//LDTD/XT7K/1miff+U7/D/HNdY/xlhgv/1XgP/2xx5/9iDcf/MBZL/aPvM/w0wc/8=",
  },
  {
    kind: "BMP of 32 bits",
    file: "Qk3CAAAAAAAAADYAAAAoAAAABwAAAAUAAAABACAAAAAAAIwAAAAAAAAAAAAAAAAAAAAAAAAAgmEZAANe9QB5HNsAcYPYAJIF" +
      "zADM+2gAczANABjS6ACLCVwAMA3LAMo+XQB9olkA8O+UAFjXHAAA690AZfp3AMSLzwAWB3sA9kAcAJDQoQDsz6IAQEhDACok" +
      "UwAw9PUAsjQGAJMFxgCjgwAAzEL7ADTeOACbfOoAS4TDALwULwDgKHAAS2lFAJiToAA=",
    pixels:
      "ON40/+p8m//DhEv/LxS8/3Ao4P9FaUv/oJOY/0NIQP9TJCr/9fQw/wY0sv/GBZP/AIOj//tCzP/d6wD/d/pl/8+LxP97Bxb/" +
      "HED2/6HQkP+iz+z/6NIY/1wJi//LDTD/XT7K/1miff+U7/D/HNdY/xlhgv/1XgP/2xx5/9iDcf/MBZL/aPvM/w0wc/8=",
  },
  {
    kind: "BMP with run lengths of 8 bits",
    file: "Qk1UBAAAAAAAADYEAAAoAAAABwAAAAUAAAABAAgAAQAAAB4AAAAAAAAAAAAAAAABAAAAAAAAAAAAAA0HHQAaDjoAJxVXADQc" +
      "dABBI5EATiquAFsxywBoOOgAdT8FAIJGIgCPTT8AnFRcAKlbeQC2YpYAw2mzANBw0ADdd+0A6n4KAPeFJwAEjEQAEZNhAB6a" +
      "fgAroZsAOKi4AEWv1QBStvIAX70PAGzELAB5y0kAhtJmAJPZgwCg4KAAree9ALru2gDH9fcA1PwUAOEDMQDuCk4A+xFrAAgY" +
      "iAAVH6UAIibCAC8t3wA8NPwASTsZAFZCNgBjSVMAcFBwAH1XjQCKXqoAl2XHAKRs5ACxcwEAvnoeAMuBOwDYiFgA5Y91APKW" +
      "kgD/na8ADKTMABmr6QAmsgYAM7kjAEDAQABNx10AWs56AGfVlwB03LQAgePRAI7q7gCb8QsAqPgoALX/RQDCBmIAzw1/ANwU" +
      "nADpG7kA9iLWAAMp8wAQMBAAHTctACo+SgA3RWcAREyEAFFToQBeWr4Aa2HbAHho+ACFbxUAknYyAJ99TwCshGwAuYuJAMaS" +
      "pgDTmcMA4KDgAO2n/QD6rhoAB7U3ABS8VAAhw3EALsqOADvRqwBI2MgAVd/lAGLmAgBv7R8AfPQ8AIn7WQCWAnYAowmTALAQ" +
      "sAC9F80Ayh7qANclBwDkLCQA8TNBAP46XgALQXsAGEiYACVPtQAyVtIAP13vAExkDABZaykAZnJGAHN5YwCAgIAAjYedAJqO" +
      "ugCnldcAtJz0AMGjEQDOqi4A27FLAOi4aAD1v4UAAsaiAA/NvwAc1NwAKdv5ADbiFgBD6TMAUPBQAF33bQBq/ooAdwWnAIQM" +
      "xACRE+EAnhr+AKshGwC4KDgAxS9VANI2cgDfPY8A7ESsAPlLyQAGUuYAE1kDACBgIAAtZz0AOm5aAEd1dwBUfJQAYYOxAG6K" +
      "zgB7kesAiJgIAJWfJQCipkIAr61fALy0fADJu5kA1sK2AOPJ0wDw0PAA/dcNAAreKgAX5UcAJOxkADHzgQA++p4ASwG7AFgI" +
      "2ABlD/UAchYSAH8dLwCMJEwAmStpAKYyhgCzOaMAwEDAAM1H3QDaTvoA51UXAPRcNAABY1EADmpuABtxiwAoeKgANX/FAEKG" +
      "4gBPjf8AXJQcAGmbOQB2olYAg6lzAJCwkACdt60Aqr7KALfF5wDEzAQA0dMhAN7aPgDr4VsA+Oh4AAXvlQAS9rIAH/3PACwE" +
      "7AA5CwkARhImAFMZQwBgIGAAbSd9AHoumgCHNbcAlDzUAKFD8QCuSg4Au1ErAMhYSADVX2UA4maCAO9tnwD8dLwACXvZABaC" +
      "9gAjiRMAMJAwAD2XTQBKnmoAV6WHAGSspABxs8EAfrreAIvB+wCYyBgApc81ALLWUgC/3W8AzOSMANnrqQDm8sYA8/njAAcF" +
      "AAADCQQRAAAABQECAwQFAAIiAAAHMwAAB0AAAQ==",
    pixels:
      "QMBA/0DAQP9AwED/QMBA/0DAQP9AwED/QMBA/8dll//HZZf/x2WX/8dll//HZZf/x2WX/8dll/8dBw3/Og4a/1cVJ/90HDT/" +
      "kSNB/9ruuv/a7rr/BT91/wU/df8FP3X/7Xfd/+133f/td93/7Xfd/5EjQf+RI0H/kSNB/5EjQf+RI0H/kSNB/5EjQf8=",
  },
  {
    kind: "BMP with run lengths of 4 bits",
    file: "Qk2KAAAAAAAAAHYAAAAoAAAABwAAAAUAAAABAAQAAgAAABQAAAAAAAAAAAAAABAAAAAAAAAAAAAAAA0HHQAaDjoAJxVXADQc" +
      "dABBI5EATiquAFsxywBoOOgAdT8FAIJGIgCPTT8AnFRcAKlbeQC2YpYAw2mzAAcSAAAHNAAAB1YAAAd4AAAHmgAB",
    pixels:
      "BT91/yJGgv8FP3X/IkaC/wU/df8iRoL/BT91/8sxW//oOGj/yzFb/+g4aP/LMVv/6Dho/8sxW/+RI0H/ripO/5EjQf+uKk7/" +
      "kSNB/64qTv+RI0H/VxUn/3QcNP9XFSf/dBw0/1cVJ/90HDT/VxUn/x0HDf86Dhr/HQcN/zoOGv8dBw3/Og4a/x0HDf8=",
  },
  {
    kind: "BMP with the header of 1985",
    file: "Qk0AAAAAAAAAABoAAAAMAAAABwAFAAEAGACCYRkDXvV5HNtxg9iSBczM+2hzMA0AAAAY0uiLCVwwDcvKPl19olnw75RY1xwA" +
      "AAAA691l+nfEi88WB3v2QByQ0KHsz6IAAABASEMqJFMw9PWyNAaTBcajgwDMQvsAAAA03jibfOpLhMO8FC/gKHBLaUWYk6AA" +
      "AAA=",
    pixels:
      "ON40/+p8m//DhEv/LxS8/3Ao4P9FaUv/oJOY/0NIQP9TJCr/9fQw/wY0sv/GBZP/AIOj//tCzP/d6wD/d/pl/8+LxP97Bxb/" +
      "HED2/6HQkP+iz+z/6NIY/1wJi//LDTD/XT7K/1miff+U7/D/HNdY/xlhgv/1XgP/2xx5/9iDcf/MBZL/aPvM/w0wc/8=",
  },
  {
    kind: "BMP of 1 bit",
    file: "Qk1SAAAAAAAAAD4AAAAoAAAABwAAAAUAAAABAAEAAAAAABQAAADEDgAAxA4AAAIAAAACAAAAAAAAAP////9UAAAAlAAAAOYA" +
      "AAAkAAAApAAAAA==",
    pixels:
      "/////wAAAP//////AAAA/wAAAP//////AAAA/wAAAP8AAAD//////wAAAP8AAAD//////wAAAP////////////////8AAAD/" +
      "AAAA/////////////////wAAAP8AAAD//////wAAAP//////AAAA/wAAAP//////AAAA//////8AAAD//////wAAAP8=",
  },
  {
    kind: "CMYK JPEG",
    file: "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBET" +
      "FBUVFQwPFxgWFBgSFBUU/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//E" +
      "ALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2" +
      "Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC" +
      "w8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDo691r7Nr9U69qr6Yr8n6K+La/" +
      "D+v2Lor9ba8Nr50or//Z",
    pixels:
      "jazN/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/42szf+NrM3/" +
      "jazN/42szf+NrM3/jazN/42szf+NrM3/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+NrM3/jazN/42szf+NrM3/" +
      "jazN/42szf+NrM3/jazN/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/jazN/42szf+NrM3/jazN/42szf+NrM3/" +
      "jazN/42szf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+NrM3/" +
      "teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+NrM3/jazN/42szf+NrM3/jazN/42szf+NrM3/jazN/7XlSf+15Un/" +
      "teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/jazN/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+15Un/teVJ/7XlSf+15Un/" +
      "teVJ/7XlSf+15Un/teVJ/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+NrM3/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/" +
      "teVJ/7XlSf9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/" +
      "Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/2Y93f9mPd3/" +
      "Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf9mPd3/Zj3d/2Y93f9mPd3/" +
      "Zj3d/2Y93f9mPd3/Zj3d/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/" +
      "Zj3d/2Y93f/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/" +
      "7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/+8Sqf/vEqn/" +
      "7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f/vEqn/7xKp/+8Sqf/vEqn/" +
      "7xKp/+8Sqf/vEqn/7xKp/w==",
    tolerance: 1,
  },
  {
    kind: "CMYK JPEG without a mark of Adobe",
    file: "/9j/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/" +
      "wAAUCAAQABAEQxEATREAWREASxEA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQA" +
      "AAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW" +
      "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ" +
      "2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oADgRDAE0AWQBLAAA/AOjr3Wvs2v1Tr2qvpivyfor4tr8P6/Yuiv1trw2vnSiv/9k=",
    pixels:
      "jazN/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/42szf+NrM3/" +
      "jazN/42szf+NrM3/jazN/42szf+NrM3/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+NrM3/jazN/42szf+NrM3/" +
      "jazN/42szf+NrM3/jazN/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/jazN/42szf+NrM3/jazN/42szf+NrM3/" +
      "jazN/42szf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+NrM3/" +
      "teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/teVJ/7XlSf+NrM3/jazN/42szf+NrM3/jazN/42szf+NrM3/jazN/7XlSf+15Un/" +
      "teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/jazN/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+15Un/teVJ/7XlSf+15Un/" +
      "teVJ/7XlSf+15Un/teVJ/42szf+NrM3/jazN/42szf+NrM3/jazN/42szf+NrM3/teVJ/7XlSf+15Un/teVJ/7XlSf+15Un/" +
      "teVJ/7XlSf9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/" +
      "Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/2Y93f9mPd3/" +
      "Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf9mPd3/Zj3d/2Y93f9mPd3/" +
      "Zj3d/2Y93f9mPd3/Zj3d/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/" +
      "Zj3d/2Y93f/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/" +
      "7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/7xKp/+8Sqf9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/+8Sqf/vEqn/" +
      "7xKp/+8Sqf/vEqn/7xKp/+8Sqf/vEqn/Zj3d/2Y93f9mPd3/Zj3d/2Y93f9mPd3/Zj3d/2Y93f/vEqn/7xKp/+8Sqf/vEqn/" +
      "7xKp/+8Sqf/vEqn/7xKp/w==",
    tolerance: 1,
  },
  {
    kind: "YCCK JPEG",
    file: "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBET" +
      "FBUVFQwPFxgWFBgSFBUU/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//E" +
      "ALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2" +
      "Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC" +
      "w8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDo691r7Nr9U69qr6Yr8n6K+La/" +
      "D+v2Lor9ba8Nr50or//Z",
    pixels:
      "Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/Brgk/wa4JP+XRQD/l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/l0UA/wa4JP8GuCT/" +
      "Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/l0UA/5dFAP8GuCT/Brgk/wa4JP8GuCT/" +
      "Brgk/wa4JP8GuCT/Brgk/5dFAP+XRQD/l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/" +
      "Brgk/wa4JP+XRQD/l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/l0UA/wa4JP8GuCT/Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/" +
      "l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/l0UA/5dFAP8GuCT/Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/Brgk/5dFAP+XRQD/" +
      "l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/Brgk/wa4JP+XRQD/l0UA/5dFAP+XRQD/" +
      "l0UA/5dFAP+XRQD/l0UA/wa4JP8GuCT/Brgk/wa4JP8GuCT/Brgk/wa4JP8GuCT/l0UA/5dFAP+XRQD/l0UA/5dFAP+XRQD/" +
      "l0UA/5dFAP8XxP//F8T//xfE//8XxP//F8T//xfE//8XxP//F8T//wAH0/8AB9P/AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/" +
      "F8T//xfE//8XxP//F8T//xfE//8XxP//F8T//xfE//8AB9P/AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/AAfT/xfE//8XxP//" +
      "F8T//xfE//8XxP//F8T//xfE//8XxP//AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/AAfT/wAH0/8XxP//F8T//xfE//8XxP//" +
      "F8T//xfE//8XxP//F8T//wAH0/8AB9P/AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/F8T//xfE//8XxP//F8T//xfE//8XxP//" +
      "F8T//xfE//8AB9P/AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/AAfT/xfE//8XxP//F8T//xfE//8XxP//F8T//xfE//8XxP//" +
      "AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/AAfT/wAH0/8XxP//F8T//xfE//8XxP//F8T//xfE//8XxP//F8T//wAH0/8AB9P/" +
      "AAfT/wAH0/8AB9P/AAfT/wAH0/8AB9P/F8T//xfE//8XxP//F8T//xfE//8XxP//F8T//xfE//8AB9P/AAfT/wAH0/8AB9P/" +
      "AAfT/wAH0/8AB9P/AAfT/w==",
    tolerance: 3,
  },
];
