// Writes every file below a folder into one Swift source: embed-chart FOLDER OUTPUT
import Foundation

func literal(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": out += "\\n"
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case " "..."~": out.unicodeScalars.append(scalar)
        default: out += "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
    return out + "\""
}

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("embed-chart: error: \(message)\n".utf8))
    exit(1)
}

guard CommandLine.arguments.count == 3 else { fail("usage: embed-chart FOLDER OUTPUT") }
let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true).standardizedFileURL
let output = URL(fileURLWithPath: CommandLine.arguments[2])
guard let found = FileManager.default.enumerator(atPath: folder.path()) else {
    fail("no folder \(folder.path())")
}

var lines = [
    "// Written by embed-chart from templates/buildkit; not to be edited.",
    "",
    "/// The chart's files: the path inside the chart, and the text.",
    "let chartFiles: [(path: String, text: String)] = [",
]
for path in found.compactMap({ $0 as? String }).sorted() {
    let file = folder.appending(path: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path(), isDirectory: &isFolder), !isFolder.boolValue
    else {
        continue
    }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { fail("\(path) is not UTF-8 text") }
    lines.append("    (\(literal(path)), \(literal(text))),")
}
lines.append("]\n")
do { try lines.joined(separator: "\n").write(to: output, atomically: true, encoding: .utf8) } catch {
    fail("\(error)")
}
