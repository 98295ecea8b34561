// Downloads with fetch: `get.mjs KIND URL`.
const [kind, url] = process.argv.slice(2)

async function get() {
  const response = await fetch(url, { signal: kind === 'timeout' ? AbortSignal.timeout(2000) : undefined })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
  return (await response.arrayBuffer()).byteLength
}

async function withRetries(attempts) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await get()
    } catch (error) {
      console.error(`attempt ${attempt}/${attempts} failed: ${error.message}`)
      if (attempt === attempts) {
        const cause = new Error(`gave up after ${attempts} attempts`, { cause: error })
        throw new Error('could not install `app`', { cause })
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

if (kind === 'retry') {
  console.log(await withRetries(3), 'bytes')
} else if (kind === 'print') {
  // What a program prints that catches the error.
  await withRetries(3).then(console.log, (error) => {
    console.error(error)
    process.exitCode = 1
  })
} else {
  console.log(await get(), 'bytes')
}
